using System.Diagnostics;
using System.Globalization;
using Pinfold.Testing.Servers;

namespace Pinfold.Benchmarks;

/// <summary>One way of doing the work: <see cref="Once"/> is called again and again by each of the workers.</summary>
/// <param name="Name">As it is shown.</param>
/// <param name="Once">Does the work once; gets the worker's number and its own random numbers.</param>
sealed record Contender(string Name, Func<int, Random, Task> Once);

/// <summary>
/// Warms all contenders up, then runs them in turn, a short slice each, round after round, so that whatever else the
/// machine does meets all of them; the figure to trust is the ratio, taken round by round. The processor time of an
/// operation, here and in the servers, hardly depends on that.
/// </summary>
sealed class Contest(string title, int workers, Options options, IReadOnlyList<TestServer> servers)
{
    const double TicksPerSecond = 100; // of /proc/PID/stat, on every Linux

    /// <summary>Called when all are warm, before the first slice that counts.</summary>
    public Action OnWarm { get; init; } = static () => { };

    public async Task<ContestResult> RunAsync(params Contender[] contenders)
    {
        var slices = contenders.ToDictionary(c => c, _ => new List<Slice>());
        for (var i = 0; i < Math.Ceiling(options.WarmUp / options.Slice); i++)
            foreach (var contender in contenders)
                await SliceAsync(contender, options.Slice, -1 - i);
        OnWarm();
        for (var round = 1; round <= options.Rounds; round++)
            foreach (var contender in round % 2 == 0 ? contenders.Reverse() : contenders)
                slices[contender].Add(await SliceAsync(contender, options.Slice, round));
        var first = slices[contenders[0]];
        var result =
            new ContestResult(
                title, options.Engine, workers, [.. contenders.Select(c => ScoreOf(c.Name, slices[c], first))]);
        result.Print();
        return result;
    }

    static Score ScoreOf(string name, List<Slice> slices, List<Slice> first)
    {
        var ratios = first.Zip(slices, (a, b) => a.PerSecond / b.PerSecond).ToList();
        return new Score(
            name, Median(slices, s => s.PerSecond), Median(slices, s => s.Bytes),
            Median(slices, s => s.ClientMicroseconds), Median(slices, s => s.ServerMicroseconds),
            Median(ratios, r => r), ratios.Min(), ratios.Max());
    }

    async Task<Slice> SliceAsync(Contender contender, TimeSpan length, int seed)
    {
        GC.Collect();
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var (client, server) = (Environment.CpuUsage.TotalTime, ServerSeconds());
        var watch = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(async () =>
        {
            var random = new Random(seed * 1000 + worker);
            var count = 0L;
            for (; watch.Elapsed < length; count++)
                await contender.Once(worker, random);
            return count;
        })));
        double seconds = watch.Elapsed.TotalSeconds, operations = counts.Sum();
        return new Slice(
            operations / seconds,
            (GC.GetTotalAllocatedBytes(precise: true) - bytes) / operations,
            (Environment.CpuUsage.TotalTime - client).TotalMicroseconds / operations,
            (ServerSeconds() - server) * 1e6 / operations);
    }

    double ServerSeconds() => servers.Sum(server =>
    {
        var stat = File.ReadAllText($"/proc/{server.ProcessId}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(
            fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    });

    static double Median<T>(IReadOnlyList<T> values, Func<T, double> value)
    {
        var sorted = values.Select(value).Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    readonly record struct Slice(double PerSecond, double Bytes, double ClientMicroseconds, double ServerMicroseconds);
}
