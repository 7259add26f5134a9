using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Lanes;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Routing;

/// <summary>
/// Reads of a shard that was not where the map had it: the map is read again. A shard that has just left, and is
/// nowhere else yet, is waited for as a writer waits at the fence.
/// </summary>
sealed class MovedReads(
    ITopologySource topology, ServerSet servers,
    Func<TopologyMap, IReadOnlyList<ShardRead>, CancellationToken, ValueTask> readAsync, TimeProvider time)
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <exception cref="MissingShardException">It is not there, and did not leave.</exception>
    public async ValueTask ReadAgainAsync(
        TopologyMap map, IReadOnlyList<ShardRead> reads, MissingShardException missing, CancellationToken cancellation)
    {
        var deadline = Deadline.In(servers.Deadline, time);
        while (true)
        {
            var shard = missing.Shard!.Value;
            var fresh = await topology.RefreshAsync(cancellation);
            if (fresh.Shard(shard) == map.Shard(shard))
            {
                if (deadline.IsOver || !await HasLeftAsync(fresh, shard, cancellation))
                    throw missing;
                await deadline.PauseAsync(Pause, cancellation);
                fresh = topology.Current;
            }
            map = fresh;
            foreach (var read in reads)
                read.Forget();
            try
            {
                await readAsync(map, reads, cancellation);
                return;
            }
            catch (MissingShardException e)
            {
                missing = e;
            }
        }
    }

    /// <summary>Its row stays, and is closed, where its tables are hidden.</summary>
    async ValueTask<bool> HasLeftAsync(TopologyMap map, ShardId shard, CancellationToken cancellation)
    {
        var row = new ShardRowRead(shard);
        try
        {
            await servers.ReadAsync(map.Shard(shard).Server, [row], cancellation);
            return row.Row is { State: ShardState.Closed };
        }
        catch (MissingShardException)
        {
            return false;
        }
    }
}
