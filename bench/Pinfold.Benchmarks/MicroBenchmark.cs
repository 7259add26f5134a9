using System.Diagnostics;
using System.Globalization;
using Pinfold.Sharding;
using Pinfold.Sharding.Journal;

namespace Pinfold.Benchmarks;

/// <summary>Small things that every request does: time and allocation of one, the best of several tries.</summary>
static class MicroBenchmark
{
    const int Tries = 7;

    public static void Run(Options options)
    {
        var count = options.IsSmoke ? 1000 : 1_000_000;
        var id = new ObjectId(new ShardId(3429), 1, 7075733);
        var text = id.ToString();
        var pin = BenchPin.Sample(new Random(1));
        var body = BenchPin.Type.Encode(pin);
        JournalCodec.Draft[] drafts =
        [
            new(JournalEntryKind.Created, id), new(JournalEntryKind.Mapped, id, 1, id, 1_700_000_000_000),
        ];
        MismatchException.Unless(ObjectId.Parse(text) == id, "an id and its text");
        MismatchException.Unless(BenchPin.Type.Decode(body, id) == pin, "a body and its bytes");

        Console.WriteLine("\n### One at a time, in memory\n\n| | ns | bytes allocated |\n| --- | --: | --: |");
        Show("id from text", count, () => ObjectId.Parse(text).Value);
        Show("id to text", count, () => id.ToString().Length);
        Show("body of a pin to bytes", count / 10, () => BenchPin.Type.Encode(pin).Length);
        Show("body of a pin from bytes", count / 10, () => BenchPin.Type.Decode(body, id).Width);
        Show("journal row of two entries to bytes", count / 10, () => JournalCodec.Encode(drafts).Length);
    }

    static void Show(string name, int count, Func<long> once)
    {
        var best = double.MaxValue;
        var bytes = 0.0;
        var sum = 0L;
        for (var i = 0; i < Tries; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            for (var n = 0; n < count; n++)
                sum += once();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds / count);
            bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)count;
        }
        GC.KeepAlive(sum);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {best:N0} | {bytes:N0} |"));
    }
}
