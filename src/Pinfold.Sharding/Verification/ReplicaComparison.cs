using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Moving;

namespace Pinfold.Sharding.Verification;

/// <summary>
/// Compares a shard with a replica of it: checksums chunk by chunk, each reckoned where the rows are; then, row by row,
/// what differed, once the replica has come to where the shard was.
/// </summary>
/// <remarks>How far a replica is, the shard's row on it says: it is written by each transaction.</remarks>
sealed class ReplicaComparison(VerifyRun run, ShardFindings findings, IShardServer primary, IShardServer replica)
{
    const int ChunkRows = 2000, SuspectsMax = 5000, RoundsMax = 5, JournalRowsMax = 1000;

    readonly HashSet<(ShardTable Table, RowKey Key)> _suspects = [];

    public async Task RunAsync(CancellationToken cancellation)
    {
        foreach (var table in ShardTable.All)
            await CompareAsync(table, cancellation);
        for (var round = 0; round < RoundsMax && _suspects.Count > 0; round++)
            await SettleAsync(cancellation);
        foreach (var (table, key) in _suspects)
            findings.NotJudged(VerifyChecks.Replicas, $"{table} ({key}) changes all the time", "Verify it again.");
    }

    async Task CompareAsync(ShardTable table, CancellationToken cancellation)
    {
        RowKey? after = null;
        do
        {
            var upTo = await primary.Copies.FindEndAsync(findings.Shard, table, after, ChunkRows, cancellation);
            var range = new RowRange(after, upTo);
            var sums = await Task.WhenAll(
                primary.Copies.SumAsync(findings.Shard, table, range, cancellation).AsTask(),
                replica.Copies.SumAsync(findings.Shard, table, range, cancellation).AsTask());
            findings.LookedAt(VerifyChecks.Replicas, sums[0].Rows);
            if (sums[0] != sums[1] && _suspects.Count < SuspectsMax)
                _suspects.UnionWith(Differing(table,
                    await primary.Copies.ReadAsync(findings.Shard, table, range, int.MaxValue, cancellation),
                    await replica.Copies.ReadAsync(findings.Shard, table, range, int.MaxValue, cancellation)));
            await run.PaceAsync((int)sums[0].Rows, cancellation);
            after = upTo;
        }
        while (after is not null);
    }

    async Task SettleAsync(CancellationToken cancellation)
    {
        var at = await LastSeqAsync(primary, cancellation);
        if (await WaitAsync(at, cancellation) is { } behind)
        {
            findings.NotJudged(VerifyChecks.Replicas, $"{replica.Name} has come to journal number {behind} of {at}, "
                + $"and {_suspects.Count} rows are other there", "See why it does not go on, and verify again.");
            _suspects.Clear();
            return;
        }
        var differing = await DifferingAsync(cancellation);
        var since = await TouchedSinceAsync(at, cancellation);
        _suspects.Clear();
        foreach (var (table, key) in differing)
            if (since.Has(table, key))
                _suspects.Add((table, key));
            else
                findings.Fault(VerifyChecks.Replicas, $"{table} ({key}) is other on {replica.Name}",
                    "Something wrote to one of them alone: make the replica anew from its primary.");
    }

    async Task<List<(ShardTable Table, RowKey Key)>> DifferingAsync(CancellationToken cancellation)
    {
        var differing = new List<(ShardTable, RowKey)>();
        foreach (var part in _suspects.GroupBy(row => row.Table, row => row.Key))
            foreach (var keys in part.Chunk(ChunkRows))
                differing.AddRange(Differing(part.Key,
                    await primary.Copies.FindAsync(findings.Shard, part.Key, keys, cancellation),
                    await replica.Copies.FindAsync(findings.Shard, part.Key, keys, cancellation)));
        return differing;
    }

    async Task<TouchedRows> TouchedSinceAsync(long at, CancellationToken cancellation)
    {
        var (touched, until) = (new TouchedRows(), await LastSeqAsync(primary, cancellation));
        while (at < until)
        {
            var read = new JournalRead(findings.Shard, at, JournalRowsMax);
            await primary.ReadAsync([read], cancellation);
            foreach (var row in read.Rows)
                touched.Add(JournalCodec.Decode(findings.Shard, row));
            at = read.Rows.Count == 0 ? until : read.Rows[^1].Seq;
        }
        return touched;
    }

    /// <summary>Null when the replica has come to that number; else where it stands.</summary>
    async Task<long?> WaitAsync(long number, CancellationToken cancellation)
    {
        var (last, since) = (-1L, run.Store.Time.GetTimestamp());
        while (true)
        {
            var at = await LastSeqAsync(replica, cancellation);
            if (at >= number)
                return null;
            if (at != last)
                (last, since) = (at, run.Store.Time.GetTimestamp());
            if (run.Store.Time.GetElapsedTime(since) >= run.LagMax)
                return at;
            await Task.Delay(FollowerWait.Period, run.Store.Time, cancellation);
        }
    }

    async Task<long> LastSeqAsync(IShardServer server, CancellationToken cancellation)
    {
        var read = new ShardRowRead(findings.Shard);
        await server.ReadAsync([read], cancellation);
        return read.Row?.LastSeq ?? 0;
    }

    static IEnumerable<(ShardTable, RowKey)> Differing(
        ShardTable table, IReadOnlyList<Cell[]> one, IReadOnlyList<Cell[]> other)
    {
        var left = other.ToDictionary(row => RowKey.Of(table, row));
        foreach (var row in one)
        {
            var key = RowKey.Of(table, row);
            if (!left.Remove(key, out var its) || !row.Zip(its).All(pair => pair.First.Same(pair.Second)))
                yield return (table, key);
        }
        foreach (var key in left.Keys)
            yield return (table, key);
    }
}
