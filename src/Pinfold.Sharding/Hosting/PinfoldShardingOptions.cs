using Pinfold.Sharding.Caching;
using Pinfold.Sharding.Following;

namespace Pinfold.Sharding.Hosting;

/// <summary>What may be set when shards are opened; each default serves a laptop and a fleet.</summary>
public sealed class PinfoldShardingOptions
{
    /// <summary>The longest that one round trip to a server may take: 100 ms to 10 minutes.</summary>
    public TimeSpan RoundTripTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a refused write is tried again while its shard may be on its way to another server: 0 to 10 minutes.
    /// </summary>
    public TimeSpan FenceDeadline { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How many commits may be under way to one server at once, 1 to 64; what waits meanwhile is committed together.
    /// </summary>
    public int CommitLanes { get; set; } = 4;

    /// <summary>A cache of the application's own, or null for the one that the topology names.</summary>
    public ICache? Cache { get; set; }

    /// <summary>False to read every object from its shard.</summary>
    public bool UseCache { get; set; } = true;

    /// <summary>Whether this process follows the journal; at least one of a fleet has to.</summary>
    public bool FollowJournal { get; set; } = true;

    /// <summary>Periods and limits of the followers.</summary>
    public FollowerOptions Followers { get; set; } = new();
}
