namespace Pinfold.Cli.Output;

/// <summary>A lab: its servers, and the words of the command that serves on them.</summary>
sealed record ShownLab(string Folder, string Topology, string[] Serve, ListedLabServer[] Servers);

/// <summary>A server of a lab; what a replica says of itself is there for replicas alone.</summary>
sealed record ListedLabServer(
    string Name, string Role, string State, int Port, string Version, string? Follows, bool? Replicates,
    long? LagSeconds, string Problem, int? ProcessId);
