using System.Collections.Concurrent;
using System.Text;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Engines.Sqlite;

/// <summary>
/// Cursors and parked entries in a folder, in each shard's file.
/// </summary>
sealed class SqliteCursors(SqliteShardServer server) : ICursors
{
    readonly ConcurrentDictionary<ShardId, (FileStamp Log, long Seq)> _seqs = new();

    public async ValueTask<IReadOnlyList<ClaimedShard>> ClaimAsync(
        IReadOnlyList<ShardId> shards, Guid claim, IReadOnlyList<FollowerStart> followers,
        CancellationToken cancellation)
    {
        var claimed = new List<ClaimedShard>(shards.Count);
        foreach (var shard in shards.Where(server.Has))
            claimed.Add(await server.WriteLooselyAsync(shard, file => Claim(file, shard, claim, followers),
                cancellation));
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
                    file => Rows(file, "SELECT last_seq FROM shard", row => new ShardSeq(shard, row.Int64(0))),
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
            cursors.AddRange(await server.UseAsync(shard, file => Rows(file, "SELECT name,seq FROM followers",
                row => new CursorRow(shard, row.Text(0), row.Int64(1))), cancellation));
        return cursors;
    }

    public async ValueTask<IReadOnlyList<ShardId>> AdvanceAsync(IReadOnlyList<CursorAdvance> advances,
        CancellationToken cancellation)
    {
        var refused = new List<ShardId>();
        foreach (var advance in advances)
            if (!server.Has(advance.Shard)
                || await server.WriteLooselyAsync(advance.Shard, file => Advance(file, advance),
                    cancellation) != advance.Moves.Count)
                refused.Add(advance.Shard);
        return refused;
    }

    public async ValueTask<bool> ParkAsync(Guid claim, ParkedRow row, CancellationToken cancellation) =>
        await server.WriteLooselyAsync(row.Shard, file =>
        {
            using var park = file.Prepare($"""
                INSERT OR REPLACE INTO parked(follower,seq,attempts,parked_at,next_at,reason)
                SELECT name,?1,?2,?3,?4,CAST(?5 AS TEXT) FROM followers WHERE name='{row.Follower}' AND claim=?6
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
            rows.AddRange(await server.UseAsync(shard, file => Rows(file, sql, row => new ParkedRow(
                shard, row.Text(0), row.Int64(1), (int)row.Int64(2), row.Int64(3), row.Int64(4), row.Text(5))),
                cancellation));
        return rows;
    }

    public async ValueTask<IReadOnlyList<ParkedSummary>> SumParkedAsync(ShardId shard,
        CancellationToken cancellation) =>
        await server.UseAsync(shard, SumParked, cancellation);

    static ClaimedShard Claim(SqliteFile file, ShardId shard, Guid claim, IReadOnlyList<FollowerStart> followers)
    {
        var (state, lastSeq) =
            Rows(file, "SELECT state,last_seq FROM shard", row => ((ShardState)row.Int64(0), row.Int64(1)))[0];
        if (state == ShardState.Open)
        {
            foreach (var follower in followers)
            {
                using var insert =
                    file.Prepare($"INSERT OR IGNORE INTO followers(name,seq,claim)VALUES('{follower.Name}',?1,?2)");
                insert.With(follower.AtEnd ? lastSeq : 0).With(claim.ToByteArray()).Run();
            }
            using var update = file.Prepare("UPDATE followers SET claim=?1");
            update.With(claim.ToByteArray()).Run();
        }
        return new ClaimedShard(shard, state, lastSeq,
            Rows(file, "SELECT name,seq FROM followers", row => (Name: row.Text(0), Seq: row.Int64(1)))
                .ToDictionary(r => r.Name, r => r.Seq),
            SumParked(file).ToDictionary(p => p.Follower));
    }

    static int Advance(SqliteFile file, CursorAdvance advance)
    {
        var moved = 0;
        foreach (var move in advance.Moves)
        {
            using var update =
                file.Prepare($"UPDATE followers SET seq=?1 WHERE name='{move.Follower}' AND seq=?2 AND claim=?3");
            moved += update.With(move.To).With(move.From).With(advance.Claim.ToByteArray()).Run();
        }
        return moved;
    }

    static List<ParkedSummary> SumParked(SqliteFile file) =>
        Rows(file, "SELECT follower,COUNT(*),MIN(next_at) FROM parked GROUP BY follower",
        row => new ParkedSummary(row.Text(0), row.Int64(1), row.Int64(2)));

    static List<T> Rows<T>(SqliteFile file, string sql, Func<SqliteStatement, T> read)
    {
        using var statement = file.Prepare(sql);
        var rows = new List<T>();
        while (statement.Next())
            rows.Add(read(statement));
        return rows;
    }
}
