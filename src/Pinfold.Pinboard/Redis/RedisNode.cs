namespace Pinfold.Pinboard.Redis;

/// <summary>One server of a Redis, as it says itself.</summary>
/// <param name="Address">Host and port.</param>
/// <param name="IsPrimary">Whether it takes writes; otherwise it is a replica.</param>
/// <param name="Version">Of Redis.</param>
/// <param name="Persistence">What survives its restart; null where it does not tell.</param>
/// <param name="UsedBytes">Of its memory.</param>
/// <param name="LimitBytes">Of its memory; 0 for none.</param>
/// <param name="Eviction">What goes when the limit is reached, as Redis calls it.</param>
/// <param name="Replicas">How many follow it; of a primary.</param>
/// <param name="WritesAlone">Whether it takes writes that no replica has; null where it does not tell.</param>
/// <param name="Problem">Why nothing of all this is known; null when it is.</param>
sealed record RedisNode(
    string Address, bool IsPrimary, string Version, RedisPersistence? Persistence, long UsedBytes, long LimitBytes,
    string Eviction, int Replicas, bool? WritesAlone, string? Problem = null);

/// <summary>The Redis of a role, and what is to be said of how it is set.</summary>
/// <param name="Role">The role.</param>
/// <param name="Kind">alone, sentinel or cluster.</param>
/// <param name="Location">As in the topology.</param>
/// <param name="Nodes">Its servers; none while it does not answer.</param>
/// <param name="Complaints">What is wrong with it, for a person; none when all is well.</param>
sealed record RedisStatus(
    RedisRole Role, string Kind, string Location, IReadOnlyList<RedisNode> Nodes, IReadOnlyList<string> Complaints)
{
    /// <summary>Whether any of its servers does.</summary>
    public bool Answers => Nodes.Any(node => node.Problem is null);

    /// <summary>The least of what survives a restart of any of its nodes; null where some do not tell.</summary>
    public RedisPersistence? Persistence => Nodes.Count == 0 || Nodes.Any(node => node.Persistence is null)
        ? null : Nodes.Min(node => node.Persistence);
}
