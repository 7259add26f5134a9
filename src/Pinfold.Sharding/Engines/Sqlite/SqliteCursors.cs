using System.Collections.Concurrent;
using System.Text;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Engines.Sqlite;

/// <summary>Cursors and parked entries in a folder, in each shard's file.</summary>
sealed class SqliteCursors(SqliteShardServer server) : ICursors
{
    readonly ConcurrentDictionary<ShardId, (FileStamp Log, long Seq)> _seqs = new();

    public async ValueTask<IReadOnlyList<ClaimedCursor>> ClaimAsync(
        IReadOnlyList<CursorClaim> claims, Guid claim, CancellationToken cancellation)
    {
        var claimed = new List<ClaimedCursor>();
        foreach (var shard in claims.SelectMany(c => c.Shards).Distinct().Where(server.Has).Order())
        {
            var wanted = claims.Where(c => c.Shards.Contains(shard)).ToList();
            claimed.AddRange(await server.WriteLooselyAsync(shard, file => Claim(file, shard, claim, wanted),
                cancellation));
        }
        return claimed;
    }

    public async ValueTask<IReadOnlyList<ShardSeq>> ReadLastSeqsAsync(IReadOnlyList<ShardId> shards,
        CancellationToken cancellation)
    {
        var seqs = new List<ShardSeq>(shards.Count);
        foreach (var shard in shards.Where(server.Has))
        {
            // Taken before the read: what is written after it makes another stamp.
            var log = server.StampOf(shard);
            if (!_seqs.TryGetValue(shard, out var known) || !known.Log.ProvesUnchanged(log))
                foreach (var (_, seq) in await server.UseAsync(shard,
                    file => file.Rows("SELECT last_seq FROM shard", row => new ShardSeq(shard, row.Int64(0))),
                    cancellation))
                    _seqs[shard] = known = (log, seq);
            seqs.Add(new ShardSeq(shard, known.Seq));
        }
        return seqs;
    }

    public async ValueTask<IReadOnlyList<CursorRow>> ReadCursorsAsync(IReadOnlyList<ShardId> shards,
        CancellationToken cancellation)
    {
        var cursors = new List<CursorRow>(shards.Count);
        foreach (var shard in shards.Where(server.Has))
            cursors.AddRange(await server.UseAsync(shard, file => file.Rows("SELECT follower,seq FROM cursors",
                row => new CursorRow(shard, row.Text(0), row.Int64(1))), cancellation));
        return cursors;
    }

    public async ValueTask<IReadOnlyList<CursorMove>> AdvanceAsync(
        IReadOnlyList<CursorMove> moves, CancellationToken cancellation)
    {
        var refused = new List<CursorMove>();
        foreach (var part in moves.GroupBy(m => m.Shard))
            refused.AddRange(!server.Has(part.Key) ? part : await server.WriteLooselyAsync(
                part.Key, file => part.Where(move => !TryAdvance(file, move)).ToList(), cancellation));
        return refused;
    }

    public async ValueTask<bool> ParkAsync(Guid claim, ParkedRow row, CancellationToken cancellation) =>
        await server.WriteLooselyAsync(row.Shard, file =>
        {
            using var park = file.Prepare($"""
                INSERT OR REPLACE INTO parked(follower,seq,attempts,parked_at,next_at,reason)
                SELECT follower,?1,?2,?3,?4,CAST(?5 AS TEXT) FROM cursors
                WHERE follower='{row.Follower}' AND claim=?6
                """);
            return park.With(row.Seq).With(row.Attempts).With(row.ParkedAtMs).With(row.NextAtMs)
                .With(Encoding.UTF8.GetBytes(row.Reason)).With(claim.ToByteArray()).Run();
        }, cancellation) > 0;

    public async ValueTask RescheduleAsync(ParkedRow row, CancellationToken cancellation) =>
        await server.WriteLooselyAsync(row.Shard, file =>
        {
            using var change = file.Prepare(
                "UPDATE parked SET attempts=?1,next_at=?2,reason=CAST(?3 AS TEXT) "
                + $"WHERE follower='{row.Follower}' AND seq=?4");
            return change.With(row.Attempts).With(row.NextAtMs).With(Encoding.UTF8.GetBytes(row.Reason)).With(row.Seq)
                .Run();
        }, cancellation);

    public async ValueTask<bool> UnparkAsync(ShardId shard, string follower, long seq,
        CancellationToken cancellation) =>
        await server.WriteLooselyAsync(shard, file =>
        {
            using var unpark = file.Prepare($"DELETE FROM parked WHERE follower='{follower}' AND seq=?1");
            return unpark.With(seq).Run();
        }, cancellation) > 0;

    public async ValueTask<IReadOnlyList<ParkedRow>> ReadParkedAsync(
        IReadOnlyList<ShardId> shards, string? follower, long dueMs, int limit, CancellationToken cancellation)
    {
        var named = follower is null ? "" : $" AND follower='{follower}'";
        var sql = $"SELECT follower,seq,attempts,parked_at,next_at,reason FROM parked WHERE next_at<={dueMs}{named} " +
            $"ORDER BY next_at,seq LIMIT {limit}";
        var rows = new List<ParkedRow>();
        foreach (var shard in shards.Where(server.Has))
            rows.AddRange(await server.UseAsync(shard, file => file.Rows(sql, row => new ParkedRow(
                shard, row.Text(0), row.Int64(1), (int)row.Int64(2), row.Int64(3), row.Int64(4), row.Text(5))),
                cancellation));
        return rows;
    }

    public async ValueTask<int> MakeDueAsync(
        IReadOnlyList<ShardId> shards, string follower, CancellationToken cancellation)
    {
        var due = 0;
        foreach (var shard in shards.Where(server.Has))
            due += await server.WriteLooselyAsync(shard, file =>
            {
                using var change = file.Prepare(
                    $"UPDATE parked SET next_at=0 WHERE next_at<{ParkedRow.Never} AND follower='{follower}'");
                return change.Run();
            }, cancellation);
        return due;
    }

    public async ValueTask<IReadOnlyList<ParkedSummary>> SumParkedAsync(
        IReadOnlyList<ShardId> shards, CancellationToken cancellation)
    {
        var sums = new List<ParkedSummary>();
        foreach (var shard in shards.Where(server.Has))
            sums.AddRange(await server.UseAsync(shard, file => SumParked(file, shard), cancellation));
        return sums;
    }

    static List<ClaimedCursor> Claim(SqliteFile file, ShardId shard, Guid claim, List<CursorClaim> claims)
    {
        var (state, lastSeq) =
            file.Rows("SELECT state,last_seq FROM shard", row => ((ShardState)row.Int64(0), row.Int64(1)))[0];
        if (state != ShardState.Open)
            return [];
        var parked = SumParked(file, shard).ToDictionary(p => p.Follower);
        return claims.ConvertAll(wanted =>
        {
            using var insert = file.Prepare("INSERT INTO cursors(follower,seq,claim)VALUES"
                + $"('{wanted.Follower}',?1,?2)ON CONFLICT DO UPDATE SET claim=?2 RETURNING seq");
            insert.With(wanted.AtEnd ? lastSeq : 0).With(claim.ToByteArray()).Next();
            return new ClaimedCursor(
                shard, wanted.Follower, insert.Int64(0), lastSeq, parked.GetValueOrDefault(wanted.Follower));
        });
    }

    static bool TryAdvance(SqliteFile file, CursorMove move)
    {
        using var update =
            file.Prepare($"UPDATE cursors SET seq=?1 WHERE follower='{move.Follower}' AND seq=?2 AND claim=?3");
        return update.With(move.To).With(move.From).With(move.Claim.ToByteArray()).Run() > 0;
    }

    static List<ParkedSummary> SumParked(SqliteFile file, ShardId shard) =>
        file.Rows("SELECT follower,COUNT(*),MIN(next_at) FROM parked "
            + $"WHERE next_at<{ParkedRow.Never} GROUP BY follower",
            row => new ParkedSummary(shard, row.Text(0), row.Int64(1), row.Int64(2)));
}
