using Microsoft.Extensions.Logging;
using Pinfold.Sharding.Store;

namespace Pinfold.Sharding.Following;

/// <summary>
/// Settles old reservations on the name shards where this process runs the follower of names, so that each is looked at
/// by one process.
/// </summary>
sealed class NameReaper(ShardedStore store, FollowerOptions options, ILogger log)
{
    const int PerShardMax = 100;

    public async Task ReapAsync(IEnumerable<ShardId> followed, CancellationToken cancellation)
    {
        var nameShards = followed.Where(s => s.Value < store.Topology.NameShardCount).ToList();
        var reaped = await store.Names.ReapAsync(nameShards, options.ReservationAge, PerShardMax,
            (shard, error) => FollowerLog.ReservationNotSettled(log, shard, error), cancellation);
        if (reaped > 0)
            FollowerLog.Reaped(log, reaped);
    }
}
