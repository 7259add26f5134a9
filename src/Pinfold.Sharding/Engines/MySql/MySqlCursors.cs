using MySqlConnector;

namespace Pinfold.Sharding.Engines.MySql;

/// <summary>
/// Cursors and parked entries on a MySQL or MariaDB: the server's tables have those of all its shards, so that a
/// question about all of them is one statement.
/// </summary>
sealed class MySqlCursors(MySqlShardServer server, MySqlFollowerTables tables) : ICursors
{
    /// <summary>The most rows of one table of constants: servers recurse into a UNION, and their stack ends.</summary>
    const int UnionMax = 256;

    string Cursors => $"{tables.Database}.cursors";

    string Parked => $"{tables.Database}.parked";

    string Shards => $"{tables.Database}.shards";

    public async ValueTask<IReadOnlyList<ClaimedCursor>> ClaimAsync(
        IReadOnlyList<CursorClaim> claims, Guid claim, CancellationToken cancellation)
    {
        await tables.PrepareAsync(cancellation);
        if (claims.All(c => c.Shards.Count == 0))
            return [];
        var batch = new MySqlBatch();
        Claim(batch, claims, claim.ToByteArray());
        return await server.QueryAsync(batch, null, row =>
        {
            var (shard, follower) = (new ShardId(row.GetInt32(0)), row.GetString(1));
            return new ClaimedCursor(shard, follower, row.GetInt64(2), row.GetInt64(3),
                new ParkedSummary(shard, follower, row.GetInt64(4), row.GetInt64(5)));
        }, cancellation);
    }

    public async ValueTask<IReadOnlyList<ShardSeq>> ReadLastSeqsAsync(
        IReadOnlyList<ShardId> shards, CancellationToken cancellation)
    {
        await tables.PrepareAsync(cancellation);
        var batch = new MySqlBatch();
        batch.Sql.Append($"SELECT id,last_seq FROM {Shards} WHERE ");
        batch.InRuns("id", shards);
        return await server.QueryAsync(batch, null,
            row => new ShardSeq(new ShardId(row.GetInt32(0)), row.GetInt64(1)), cancellation);
    }

    public async ValueTask<IReadOnlyList<CursorRow>> ReadCursorsAsync(
        IReadOnlyList<ShardId> shards, CancellationToken cancellation)
    {
        await tables.PrepareAsync(cancellation);
        var batch = new MySqlBatch();
        batch.Sql.Append($"SELECT shard,follower,seq FROM {Cursors} WHERE ");
        batch.InRuns("shard", shards);
        return await server.QueryAsync(batch, null,
            row => new CursorRow(new ShardId(row.GetInt32(0)), row.GetString(1), row.GetInt64(2)), cancellation);
    }

    public async ValueTask<IReadOnlyList<CursorMove>> AdvanceAsync(
        IReadOnlyList<CursorMove> moves, CancellationToken cancellation)
    {
        await tables.PrepareAsync(cancellation);
        var refused = new List<CursorMove>();
        foreach (var part in moves.OrderBy(m => m.Shard).ThenBy(m => m.Follower, StringComparer.Ordinal)
            .Chunk(UnionMax))
            refused.AddRange(await AdvancePartAsync(part, cancellation));
        return refused;
    }

    public async ValueTask<bool> ParkAsync(Guid claim, ParkedRow row, CancellationToken cancellation)
    {
        await tables.PrepareAsync(cancellation);
        var batch = new MySqlBatch();
        batch.Sql.Append($"REPLACE INTO {Parked}(shard,follower,seq,attempts,parked_at,next_at,reason)")
            .Append($"SELECT shard,follower,{row.Seq},{row.Attempts},{row.ParkedAtMs},{row.NextAtMs},");
        // The lock makes a claim wait for the parking, or the parking for the claim.
        batch.Text(row.Reason).Sql
            .Append($" FROM {Cursors} WHERE shard={row.Shard} AND follower='{row.Follower}' AND claim=");
        batch.Bytes(claim.ToByteArray()).Sql.Append(" LOCK IN SHARE MODE");
        return await server.ExecuteAsync(batch, row.Shard, cancellation) > 0;
    }

    public async ValueTask RescheduleAsync(ParkedRow row, CancellationToken cancellation)
    {
        await tables.PrepareAsync(cancellation);
        var batch = new MySqlBatch();
        batch.Sql.Append($"UPDATE {Parked} SET attempts={row.Attempts},next_at={row.NextAtMs},reason=");
        batch.Text(row.Reason).Sql
            .Append($" WHERE shard={row.Shard} AND follower='{row.Follower}' AND seq={row.Seq}");
        await server.ExecuteAsync(batch, row.Shard, cancellation);
    }

    public async ValueTask<bool> UnparkAsync(ShardId shard, string follower, long seq, CancellationToken cancellation)
    {
        await tables.PrepareAsync(cancellation);
        var batch = new MySqlBatch();
        batch.Sql.Append($"DELETE FROM {Parked} WHERE shard={shard} AND follower='{follower}' AND seq={seq}");
        return await server.ExecuteAsync(batch, shard, cancellation) > 0;
    }

    public async ValueTask<IReadOnlyList<ParkedRow>> ReadParkedAsync(
        IReadOnlyList<ShardId> shards, string? follower, long dueMs, int limit, CancellationToken cancellation)
    {
        await tables.PrepareAsync(cancellation);
        var batch = new MySqlBatch();
        batch.Sql.Append("SELECT shard,follower,seq,attempts,parked_at,next_at,reason FROM(SELECT p.*,")
            .Append("ROW_NUMBER()OVER(PARTITION BY shard ORDER BY next_at,seq) place ")
            .Append($"FROM {Parked} p WHERE next_at<={dueMs} AND ");
        batch.InRuns("shard", shards).Sql.Append(follower is null ? "" : $" AND follower='{follower}'")
            .Append($") placed WHERE place<={limit} ORDER BY shard,next_at,seq");
        return await server.QueryAsync(batch, null, row => new ParkedRow(
            new ShardId(row.GetInt32(0)), row.GetString(1), row.GetInt64(2), row.GetInt32(3), row.GetInt64(4),
            row.GetInt64(5), row.GetString(6)), cancellation);
    }

    public async ValueTask<int> MakeDueAsync(
        IReadOnlyList<ShardId> shards, string follower, CancellationToken cancellation)
    {
        await tables.PrepareAsync(cancellation);
        var batch = new MySqlBatch();
        batch.Sql.Append($"UPDATE {Parked} SET next_at=0 WHERE next_at<{ParkedRow.Never} ")
            .Append($"AND follower='{follower}' AND ");
        batch.InRuns("shard", shards);
        return await server.ExecuteAsync(batch, null, cancellation);
    }

    public async ValueTask<IReadOnlyList<ParkedSummary>> SumParkedAsync(
        IReadOnlyList<ShardId> shards, CancellationToken cancellation)
    {
        await tables.PrepareAsync(cancellation);
        var batch = new MySqlBatch();
        batch.Sql.Append($"SELECT shard,follower,COUNT(*),MIN(next_at) FROM {Parked} ")
            .Append($"WHERE next_at<{ParkedRow.Never} AND ");
        batch.InRuns("shard", shards).Sql.Append(" GROUP BY shard,follower");
        return await server.QueryAsync(batch, null, row => new ParkedSummary(
            new ShardId(row.GetInt32(0)), row.GetString(1), row.GetInt64(2), row.GetInt64(3)), cancellation);
    }

    void Claim(MySqlBatch batch, IReadOnlyList<CursorClaim> claims, byte[] claim)
    {
        foreach (var (follower, atEnd, wanted) in claims)
        {
            batch.Sql.Append($"INSERT INTO {Cursors}(shard,follower,seq,claim)")
                .Append($"SELECT id,'{follower}',{(atEnd ? "last_seq" : "0")},");
            batch.Bytes(claim).Sql.Append($" FROM {Shards} WHERE state=1 AND ");
            batch.InRuns("id", wanted).Sql.Append(" ON DUPLICATE KEY UPDATE claim=VALUES(claim);");
        }
        batch.Sql.Append("SELECT c.shard,c.follower,c.seq,f.last_seq,COUNT(p.seq),COALESCE(MIN(p.next_at),0)")
            .Append($"FROM {Shards} f JOIN {Cursors} c ON c.shard=f.id LEFT JOIN {Parked} p ")
            .Append($"ON p.shard=c.shard AND p.follower=c.follower AND p.next_at<{ParkedRow.Never} WHERE c.claim=");
        batch.Bytes(claim).Sql.Append(" GROUP BY c.shard,c.follower,c.seq,f.last_seq;");
    }

    /// <summary>
    /// The moves that were refused; those that were made stand where they were to, under their claim.
    /// </summary>
    async ValueTask<IEnumerable<CursorMove>> AdvancePartAsync(CursorMove[] moves, CancellationToken cancellation)
    {
        var batch = new MySqlBatch();
        batch.Sql.Append("START TRANSACTION;UPDATE(");
        Constants(batch, moves);
        // The join goes from the moves to their rows, whatever the server thinks of it: it locks what it looks at.
        batch.Sql.Append($") m STRAIGHT_JOIN {Cursors} c ON c.shard=m.shard AND c.follower=m.follower ")
            .Append("AND c.seq=m.a AND c.claim=m.claim SET c.seq=m.b;SELECT m.n FROM(");
        Constants(batch, moves);
        batch.Sql.Append($") m STRAIGHT_JOIN {Cursors} c ON c.shard=m.shard AND c.follower=m.follower ")
            .Append("AND c.seq=m.b AND c.claim=m.claim;COMMIT");
        var made = await server.QueryAsync(batch, null, row => row.GetInt32(0), cancellation);
        return made.Count == moves.Length ? [] : moves.Where((_, i) => !made.Contains(i));
    }

    static void Constants(MySqlBatch batch, CursorMove[] moves)
    {
        for (var i = 0; i < moves.Length; i++)
        {
            var move = moves[i];
            batch.Sql.Append(i == 0 ? "SELECT " : " UNION ALL SELECT ")
                .Append($"{i} n,{move.Shard} shard,'{move.Follower}' follower,{move.From} a,{move.To} b,");
            batch.Bytes(move.Claim.ToByteArray()).Sql.Append(" claim");
        }
    }
}
