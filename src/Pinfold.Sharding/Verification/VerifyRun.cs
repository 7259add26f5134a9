using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Moving;
using Pinfold.Sharding.Store;

namespace Pinfold.Sharding.Verification;

/// <summary>
/// What the checks of one verification share: the store, how fast they may read, and whom they wait for.
/// </summary>
sealed class VerifyRun(ShardedStore store, VerifyOptions options)
{
    readonly CopyPace _pace = new(options.RowsPerSecond, store.Time);

    public ShardedStore Store => store;

    public TimeSpan LagMax => options.LagMax;

    public FollowerWait Followers { get; } = new(store, options.LagMax);

    /// <summary>One round trip to each server concerned.</summary>
    public ValueTask ReadAsync(IReadOnlyList<ShardRead> reads, CancellationToken cancellation) =>
        store.Router.ReadAsync(reads, cancellation);

    /// <summary>Waits as long as it takes to have read so many rows.</summary>
    public ValueTask PaceAsync(int rows, CancellationToken cancellation) => _pace.WaitAsync(rows, cancellation);

    public async Task<ShardRow?> ReadRowAsync(ShardId shard, CancellationToken cancellation)
    {
        var read = new ShardRowRead(shard);
        await ReadAsync([read], cancellation);
        return read.Row;
    }

    public async Task<Dictionary<ShardId, long>> ReadLastSeqsAsync(
        IEnumerable<ShardId> shards, CancellationToken cancellation)
    {
        var reads = shards.Distinct().Select(shard => new ShardRowRead(shard)).ToList();
        await ReadAsync(reads, cancellation);
        return reads.ToDictionary(read => read.Shard, read => read.Row?.LastSeq ?? 0);
    }

    /// <summary>Rows of any shards by their keys; one round trip to each server.</summary>
    public async Task<Dictionary<(ShardId Shard, RowKey Key), Cell[]>> FindAsync(
        ShardTable table, IEnumerable<(ShardId Shard, RowKey Key)> keys, bool withLast, CancellationToken cancellation)
    {
        var reads = Reads(table, keys, withLast);
        await ReadAsync(reads, cancellation);
        return Found(table, reads);
    }

    public static List<RowsRead> Reads(
        ShardTable table, IEnumerable<(ShardId Shard, RowKey Key)> keys, bool withLast) =>
        [.. keys.Distinct().GroupBy(key => key.Shard, key => key.Key)
            .SelectMany(shard => RowsRead.Of(shard.Key, table, shard, withLast))];

    public static Dictionary<(ShardId Shard, RowKey Key), Cell[]> Found(
        ShardTable table, IEnumerable<RowsRead> reads) =>
        reads.SelectMany(read => read.Rows.Select(row => (read.Shard, row)))
            .ToDictionary(found => (found.Shard, RowKey.Of(table, found.row)), found => found.row);
}
