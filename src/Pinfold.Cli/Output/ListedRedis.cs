namespace Pinfold.Cli.Output;

/// <summary>The Redis of a role: what it needs, what it has, and what is wrong with that.</summary>
sealed record ListedRedis(
    string Role, string Kind, string Location, string Needs, string? Keeps, IReadOnlyList<ListedRedisNode> Nodes,
    IReadOnlyList<string> Complaints);

/// <summary>One of its servers.</summary>
sealed record ListedRedisNode(
    string Address, string Part, string Version, string? Keeps, long UsedBytes, long LimitBytes, string Eviction,
    string? Problem);
