using Pinfold.Sharding;
using Pinfold.Sharding.Topology;

namespace Pinfold.Pinboard.Redis;

/// <summary>
/// What the pinboard keeps in a Redis, where the topology names one for it. All of it can be made again from the
/// shards: what differs is how much that costs.
/// </summary>
/// <param name="Name">As in the topology, in commands and metrics.</param>
/// <param name="Needs">What has to survive a restart of its Redis.</param>
/// <param name="Why">Why it has to, or need not, for a person.</param>
sealed record RedisRole(string Name, RedisPersistence Needs, string Why)
{
    /// <summary>Home feeds.</summary>
    public static readonly RedisRole Feeds = new("feeds", RedisPersistence.None,
        "a feed that is gone is read from the shards, and what an older one lacks nobody could tell");

    /// <summary>Counters, and what is explored.</summary>
    public static readonly RedisRole Counters = new("counters", RedisPersistence.Snapshots,
        "to count again, every shard is read; from a snapshot, only what came since");

    /// <summary>Who did what how often within the last minute.</summary>
    public static readonly RedisRole RateLimits = new("rateLimits", RedisPersistence.None,
        "it is forgotten after a minute anyway");

    public static readonly IReadOnlyList<RedisRole> All = [Feeds, Counters, RateLimits];

    /// <summary>A role that nobody plays is a slip of the pen that would otherwise show by its absence.</summary>
    /// <exception cref="PinfoldException">Invalid: it says which roles there are.</exception>
    public static void RefuseUnknown(TopologyMap map)
    {
        var unknown = map.Redis.Keys.Except(All.Select(role => role.Name)).ToList();
        if (unknown.Count > 0)
            throw new PinfoldException(ErrorKind.Invalid,
                $"The topology names a Redis for \"{unknown[0]}\", which is no role here; there is "
                + $"{string.Join(", ", All.Select(role => role.Name))}.");
    }
}
