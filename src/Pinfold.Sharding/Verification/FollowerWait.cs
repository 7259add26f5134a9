using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Store;

namespace Pinfold.Sharding.Verification;

/// <summary>
/// Waits until a follower has handled what was written. When none has gone on for some time, nobody is waited for any
/// more: they do not run.
/// </summary>
sealed class FollowerWait(ShardedStore store, TimeSpan lagMax)
{
    const int ParkedMax = 1000;

    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    bool _isGivenUp;

    /// <summary>The shards where the follower has not come to these journal numbers, with where it stands.</summary>
    public async Task<Dictionary<ShardId, long>> UntilAsync(
        string follower, IReadOnlyDictionary<ShardId, long> numbers, CancellationToken cancellation)
    {
        var (sum, since) = (-1L, store.Time.GetTimestamp());
        while (true)
        {
            var at = numbers.Keys.ToDictionary(shard => shard, _ => 0L);
            foreach (var part in store.Topology.ServersFor(numbers.Keys))
                foreach (var cursor in await (await store.Servers.GetAsync(part.Server)).Server.Cursors
                    .ReadCursorsAsync(part.Shards, cancellation))
                    if (cursor.Follower == follower)
                        at[cursor.Shard] = cursor.Seq;
            var behind = at.Where(its => its.Value < numbers[its.Key]).ToDictionary();
            if (behind.Count == 0 || _isGivenUp)
                return behind;
            if (at.Values.Sum() != sum)
                (sum, since) = (at.Values.Sum(), store.Time.GetTimestamp());
            if (store.Time.GetElapsedTime(since) >= lagMax)
                _isGivenUp = true;
            else
                await Task.Delay(Period, store.Time, cancellation);
        }
    }

    /// <summary>What a follower has parked on these shards and will try again.</summary>
    public async Task<IReadOnlyList<JournalTransaction>> ReadParkedAsync(
        string follower, IEnumerable<ShardId> shards, CancellationToken cancellation)
    {
        var parked = new List<ParkedRow>();
        foreach (var part in store.Topology.ServersFor(shards))
            parked.AddRange(await (await store.Servers.GetAsync(part.Server)).Server.Cursors.ReadParkedAsync(
                part.Shards, follower, ParkedRow.Never - 1, ParkedMax, cancellation));
        var reads = parked.ConvertAll(row => new JournalRead(row.Shard, row.Seq - 1, 1));
        await store.Router.ReadAsync(reads, cancellation);
        return [.. reads.SelectMany(read => read.Rows.Select(row => JournalCodec.Decode(read.Shard, row)))];
    }
}
