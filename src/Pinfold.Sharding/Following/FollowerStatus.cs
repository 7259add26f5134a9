using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Store;

namespace Pinfold.Sharding.Following;

/// <summary>How far a follower is on a shard, as the shard's own tables say.</summary>
/// <param name="Follower">Its name.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Position">The last journal number up to which all is handled, parked or of no interest to it.</param>
/// <param name="JournalEnd">The last journal number that there is.</param>
/// <param name="Parked">How many entries are parked and not skipped.</param>
/// <param name="NextAttemptAt">When the first of these is tried again; null for none.</param>
public sealed record FollowerStatus(
    string Follower, ShardId Shard, long Position, long JournalEnd, long Parked, DateTimeOffset? NextAttemptAt)
{
    /// <summary>How many transactions are before it.</summary>
    public long Lag => Math.Max(0, JournalEnd - Position);

    /// <summary>
    /// Where the journal begins that was trimmed beyond its place, so that it has to be made anew; null if it was not.
    /// </summary>
    public long? JournalBegin { get; init; }
}

/// <summary>Reads how far followers are, whichever process runs them.</summary>
public sealed class FollowerStatusReader(ShardedStore store)
{
    /// <summary>
    /// Every follower that has ever been on a shard, on every shard, by name and shard. Three round trips per server,
    /// and one more for some dozens of shards on which one is behind.
    /// </summary>
    /// <exception cref="PinfoldException">Unavailable: a server did not answer.</exception>
    public async Task<IReadOnlyList<FollowerStatus>> ReadAsync(CancellationToken cancellation = default)
    {
        var (ends, cursors, parked) = (new List<ShardSeq>(), new List<CursorRow>(), new List<ParkedSummary>());
        var begins = new Dictionary<ShardId, long>();
        foreach (var server in store.Topology.Servers)
            if (store.Topology.ShardsOn(server.Name) is { Count: > 0 } shards)
            {
                var opened = (await store.Servers.GetAsync(server)).Server;
                var here = await opened.Cursors.ReadCursorsAsync(shards, cancellation);
                var last = await opened.Cursors.ReadLastSeqsAsync(shards, cancellation);
                cursors.AddRange(here);
                ends.AddRange(last);
                parked.AddRange(await opened.Cursors.SumParkedAsync(shards, cancellation));
                var behind = here.Join(last, c => c.Shard, l => l.Shard, (c, l) => (c.Shard, IsBehind: c.Seq < l.Seq))
                    .Where(c => c.IsBehind).Select(c => c.Shard).Distinct().Order().ToList();
                foreach (var extent in await opened.Trim.ReadExtentsAsync(behind, cancellation))
                    begins[extent.Shard] = extent.First;
            }
        var position = cursors.ToDictionary(c => (c.Follower, c.Shard), c => c.Seq);
        var waiting = parked.ToDictionary(p => (p.Follower, p.Shard));
        return
        [
            .. from follower in cursors.Select(c => c.Follower).Distinct().Order(StringComparer.Ordinal)
               from end in ends.OrderBy(e => e.Shard)
               let there = waiting.GetValueOrDefault((follower, end.Shard))
               select new FollowerStatus(
                   follower, end.Shard, position.GetValueOrDefault((follower, end.Shard)), end.Seq, there.Count,
                   there.Count == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(there.NextAtMs))
               {
                   JournalBegin = position.TryGetValue((follower, end.Shard), out var at)
                       && begins.TryGetValue(end.Shard, out var begin) && at + 1 < begin ? begin : null,
               },
        ];
    }
}
