using System.Diagnostics;
using System.Globalization;

namespace Pinfold.Benchmarks;

/// <summary>One way of doing the work: <see cref="Once"/> is called again and again by each of the workers.</summary>
/// <param name="Name">As it is shown.</param>
/// <param name="Once">Does the work once; gets the worker's own random numbers.</param>
sealed record Contender(string Name, Func<Random, Task> Once);

/// <summary>What a contender reached: the median over the rounds.</summary>
sealed record Score(string Name, double PerSecond, double BytesPerOperation);

/// <summary>
/// Runs contenders in turn, a short slice each, round after round, so that whatever else the machine does meets all of
/// them; the figure to trust is the ratio, taken round by round.
/// </summary>
sealed class Contest(string title, int workers, int rounds, TimeSpan slice)
{
    public async Task<IReadOnlyList<Score>> RunAsync(params Contender[] contenders)
    {
        Console.WriteLine($"\n{title} ({workers} workers, {rounds} rounds of {slice.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s)");
        var speeds = contenders.ToDictionary(c => c, _ => new List<double>());
        var bytes = contenders.ToDictionary(c => c, _ => new List<double>());
        foreach (var contender in contenders)
            await SliceAsync(contender, TimeSpan.FromSeconds(1), seed: 0);
        for (var round = 1; round <= rounds; round++)
            foreach (var contender in round % 2 == 0 ? contenders.Reverse() : contenders)
            {
                var (perSecond, perOperation) = await SliceAsync(contender, slice, round);
                speeds[contender].Add(perSecond);
                bytes[contender].Add(perOperation);
            }
        var first = contenders[0];
        foreach (var contender in contenders)
        {
            var ratios = speeds[first].Zip(speeds[contender], (a, b) => a / b).ToList();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {contender.Name,-46} {Median(speeds[contender]),10:N0}/s {Median(bytes[contender]),10:N0} B/op   {first.Name} is {Median(ratios):0.00}x ({ratios.Min():0.00}-{ratios.Max():0.00})"));
        }
        return [.. contenders.Select(c => new Score(c.Name, Median(speeds[c]), Median(bytes[c])))];
    }

    async Task<(double PerSecond, double BytesPerOperation)> SliceAsync(Contender contender, TimeSpan length, int seed)
    {
        GC.Collect();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var watch = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(async () =>
        {
            var random = new Random(seed * 1000 + worker);
            var count = 0L;
            for (; watch.Elapsed < length; count++)
                await contender.Once(random);
            return count;
        })));
        var seconds = watch.Elapsed.TotalSeconds;
        var operations = counts.Sum();
        return (operations / seconds, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)operations);
    }

    static double Median(List<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
