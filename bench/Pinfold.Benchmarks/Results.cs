using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pinfold.Benchmarks;

/// <summary>
/// What a contender reached: medians over the rounds. Ratios say how many times faster the first contender is.
/// </summary>
sealed record Score(
    string Name, double PerSecond, double BytesPerOperation, double ClientMicroseconds, double ServerMicroseconds,
    double Ratio, double RatioMin, double RatioMax);

/// <summary>Response times of one kind of request, in milliseconds.</summary>
sealed record Latency(string Contender, string Request, long Count, double P50, double P95, double P99);

/// <summary>One contest; the first score is Pinfold's.</summary>
sealed record ContestResult(string Title, string Engine, int Workers, IReadOnlyList<Score> Scores)
{
    public IReadOnlyList<Latency> Latencies { get; init; } = [];

    /// <summary>As the tables of docs/performance.md.</summary>
    public void Print()
    {
        Console.WriteLine($"\n### {Title}, {Engine}, {Workers} at once\n");
        Console.WriteLine("| | a second | Pinfold is | bytes allocated | processor here, µs | in the servers, µs |");
        Console.WriteLine("| --- | --: | --: | --: | --: | --: |");
        foreach (var s in Scores)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {s.Name} | {s.PerSecond:N0} | {(s == Scores[0] ? "" : $"{s.Ratio:0.00}x " +
                    $"({s.RatioMin:0.00}-{s.RatioMax:0.00})")} | {s.BytesPerOperation:N0} | " +
                $"{s.ClientMicroseconds:N0} | {s.ServerMicroseconds:N0} |"));
        if (Latencies.Count == 0)
            return;
        Console.WriteLine(
            "\n| request | contender | requests | p50 ms | p95 ms | p99 ms |\n| --- | --- | --: | --: | --: | --: |");
        foreach (var l in Latencies)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {l.Request} | {l.Contender} | {l.Count:N0} | {l.P50:0.00} | {l.P95:0.00} | {l.P99:0.00} |"));
    }
}

/// <summary>The machine-readable results: the same figures, and what machine they are from.</summary>
sealed record ResultFile(
    DateTimeOffset At, string Machine, int Processors, string Runtime, IReadOnlyList<ContestResult> Contests)
{
    public static async Task WriteAsync(string path, IReadOnlyList<ContestResult> contests)
    {
        await using var file = File.Create(path);
        await JsonSerializer.SerializeAsync(file, new ResultFile(
            TimeProvider.System.GetUtcNow(), Environment.OSVersion.VersionString, Environment.ProcessorCount,
                Environment.Version.ToString(), contests),
            ResultJson.Default.ResultFile);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ResultFile))]
sealed partial class ResultJson : JsonSerializerContext;

/// <summary>A contender that gave another answer than its rivals: its speed would mean nothing.</summary>
sealed class MismatchException(string message) : Exception(message)
{
    public static void Unless(bool isSame, string what)
    {
        if (!isSame)
            throw new MismatchException(what);
    }
}
