namespace Pinfold.Cli.Output;

/// <summary>A process that serves, as <c>process list --json</c> writes it.</summary>
sealed record ListedProcess(
    string Name, string Version, int FormatMin, int FormatMax, long TopologyVersion, DateTimeOffset BegunAt);
