namespace Pinfold.Cli.Output;

/// <summary>A version of the topology, as <c>topology history --json</c> writes it.</summary>
sealed record ListedTopology(
    long Version, DateTimeOffset At, string Who, string Why, string? Operation, bool IsInUse);
