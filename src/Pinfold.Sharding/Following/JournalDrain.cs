using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Following;

/// <summary>Waits for followers, by what the shards' own tables say, so it holds for every process's share.</summary>
/// <param name="store">Of the shards.</param>
/// <param name="followers">Their names.</param>
/// <param name="signalHere">Wakes a follower of this process; false if it has none there.</param>
/// <param name="waiting">Who can go no further on a shard without a newer program; nobody waits for them.</param>
sealed class JournalDrain(
    ShardedStore store, IReadOnlyList<string> followers, Func<ShardId, long, bool> signalHere,
    Func<IReadOnlyList<WaitingFollower>> waiting)
{
    static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    public async Task RunAsync(IProgress<long>? progress, CancellationToken cancellation)
    {
        var targets = new Dictionary<ShardId, long>();
        foreach (var server in store.Topology.Servers)
            foreach (var (shard, seq) in await (await ServerAsync(server)).Cursors
                .ReadLastSeqsAsync(store.Topology.ShardsOn(server.Name), cancellation))
                if (seq > 0)
                    targets[shard] = seq;
        for (var isFirst = true; ; isFirst = false)
        {
            var remaining = await CountRemainingAsync(targets, cancellation);
            progress?.Report(remaining);
            if (remaining == 0)
                return;
            if (isFirst)
                await WakeAsync(targets, cancellation);
            await Task.Delay(Period, store.Time, cancellation);
        }
    }

    /// <summary>
    /// How many transactions lie before any follower; shards with none are taken out of <paramref name="targets"/>.
    /// </summary>
    async Task<long> CountRemainingAsync(Dictionary<ShardId, long> targets, CancellationToken cancellation)
    {
        var remaining = 0L;
        var unable = waiting().Select(w => (w.Shard, w.Follower)).ToHashSet();
        foreach (var part in store.Topology.ServersFor([.. targets.Keys.Order()]))
        {
            var cursors = (await (await ServerAsync(part.Server)).Cursors.ReadCursorsAsync(part.Shards, cancellation))
                .ToDictionary(c => (c.Shard, c.Follower), c => c.Seq);
            foreach (var shard in part.Shards)
            {
                var here = followers.Where(f => !unable.Contains((shard, f)))
                    .Sum(f => Math.Max(0, targets[shard] - cursors.GetValueOrDefault((shard, f))));
                remaining += here;
                if (here == 0)
                    targets.Remove(shard);
            }
        }
        return remaining;
    }

    /// <summary>A wake-up may have been lost in a crash; nobody should wait here for the next sweep.</summary>
    async Task WakeAsync(Dictionary<ShardId, long> targets, CancellationToken cancellation)
    {
        var elsewhere = targets.Where(t => !signalHere(t.Key, t.Value)).Select(t => t.Key).ToList();
        foreach (var part in store.Topology.ServersFor(elsewhere))
            await (await ServerAsync(part.Server)).Coordination.SendWakeupsAsync(
                [.. part.Shards.Select(s => new Wakeup(WakeupTopic.Commit, s, targets[s]))], cancellation);
    }

    async ValueTask<IShardServer> ServerAsync(ServerSpec server) => (await store.Servers.GetAsync(server)).Server;
}
