namespace Pinfold.Sharding.Topology;

/// <summary>Whether a map may take the place of the one in use. Each refusal names the property of the file.</summary>
static class Succession
{
    /// <summary>What can be told before the ranges are known to be right; null for what could not be read.</summary>
    public static IEnumerable<(string Property, string Message)> Refusals(TopologyMap loaded, long? version,
        int? shardCount, int? nameShards, DatabaseNames? databases)
    {
        if (version < loaded.Version)
            yield return ("version", $"version {version} is older than version {loaded.Version}, which is in use: "
                + $"to go back to what it says, publish it as version {loaded.Version + 1}.");
        if (shardCount is not null && shardCount != loaded.ShardCount)
            yield return ("shardCount", $"shardCount is {shardCount}, but this installation has {loaded.ShardCount} "
                + "shards, and ids were given out for them: it cannot change.");
        if (nameShards is not null && nameShards != loaded.NameShardCount)
            yield return ("nameShards", $"nameShards is {nameShards}, but this installation keeps its names on "
                + $"{loaded.NameShardCount} shards: it cannot change, or names would not be found.");
        if (databases is not null && databases != loaded.Databases)
            yield return ("databasePrefix", $"databasePrefix is \"{databases.Prefix}\", but this installation's "
                + $"databases begin with \"{loaded.Databases.Prefix}\": it cannot change, or they would not be found.");
    }

    public static string? RefuseSameVersion(TopologyMap loaded, TopologyMap next) =>
        next.Version == loaded.Version && !next.SameContentAs(loaded)
            ? $"version {next.Version} is in use with other content: a change needs a new version, "
                + $"{next.Version + 1} or higher."
            : null;
}
