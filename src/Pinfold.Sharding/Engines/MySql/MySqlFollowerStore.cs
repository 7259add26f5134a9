using System.Text;
using MySqlConnector;

namespace Pinfold.Sharding.Engines.MySql;

/// <summary>
/// What followers keep on a MySQL or MariaDB: their own tables in each shard's database, the shared ones in
/// the server-wide one.
/// </summary>
sealed class MySqlFollowerStore(MySqlShardServer server) : IFollowerStore
{
    /// <summary>How many shards one batch speaks of at most.</summary>
    const int ShardsMax = 64;

    /// <summary>The most shards of one SELECT: servers recurse into a UNION, and their stack ends.</summary>
    const int UnionMax = 512;

    readonly MySqlCoordination _coordination = new(server);

    public ValueTask<LeaseTable> RenewAsync(Guid worker, string name, TimeSpan lease, CancellationToken cancellation) =>
        _coordination.RenewAsync(worker, name, lease, cancellation);

    public ValueTask<IReadOnlyList<ShardId>> AcquireAsync(
        Guid worker, IReadOnlyList<ShardId> shards, int most, TimeSpan lease, CancellationToken cancellation) =>
        _coordination.AcquireAsync(worker, shards, most, lease, cancellation);

    public ValueTask ReleaseAsync(Guid worker, IReadOnlyList<ShardId> shards, CancellationToken cancellation) =>
        _coordination.ReleaseAsync(worker, shards, cancellation);

    public ValueTask LeaveAsync(Guid worker, CancellationToken cancellation) =>
        _coordination.LeaveAsync(worker, cancellation);

    public ValueTask SendWakeupsAsync(IReadOnlyList<Wakeup> wakeups, CancellationToken cancellation) =>
        _coordination.SendWakeupsAsync(wakeups, cancellation);

    public ValueTask<WakeupsSince> ReadWakeupsAsync(long sinceMs, CancellationToken cancellation) =>
        _coordination.ReadWakeupsAsync(sinceMs, cancellation);

    public async ValueTask<IReadOnlyList<ClaimedShard>> ClaimAsync(
        IReadOnlyList<ShardId> shards, Guid claim, IReadOnlyList<FollowerStart> followers,
        CancellationToken cancellation)
    {
        var claimed = new List<ClaimedShard>(shards.Count);
        await EachPartAsync(shards, async part =>
            claimed.AddRange(await ClaimPartAsync(part, claim, followers, cancellation)));
        return claimed;
    }

    public async ValueTask<IReadOnlyList<ShardSeq>> ReadLastSeqsAsync(IReadOnlyList<ShardId> shards,
        CancellationToken cancellation)
    {
        var seqs = new List<ShardSeq>(shards.Count);
        await EachPartAsync(shards, async part => seqs.AddRange(await UnionAsync(
            part, shard => $"SELECT {shard},last_seq FROM {Fences} WHERE id={shard}",
            row => new ShardSeq(new ShardId(row.GetInt32(0)), row.GetInt64(1)), cancellation)), int.MaxValue);
        return seqs;
    }

    public async ValueTask<IReadOnlyList<CursorRow>> ReadCursorsAsync(IReadOnlyList<ShardId> shards,
        CancellationToken cancellation)
    {
        var cursors = new List<CursorRow>(shards.Count);
        await EachPartAsync(shards, async part => cursors.AddRange(await UnionAsync(
            part, shard => $"SELECT {shard},name,seq FROM {Of(shard)}.followers",
            row => new CursorRow(new ShardId(row.GetInt32(0)), row.GetString(1), row.GetInt64(2)), cancellation)),
            UnionMax);
        return cursors;
    }

    public async ValueTask<IReadOnlyList<ShardId>> AdvanceAsync(IReadOnlyList<CursorAdvance> advances,
        CancellationToken cancellation)
    {
        var byShard = advances.ToDictionary(a => a.Shard);
        var refused = new HashSet<ShardId>(byShard.Keys);
        await EachPartAsync([.. byShard.Keys.Order()], async part =>
        {
            var moved = await AdvancePartAsync([.. part.Select(s => byShard[s])], cancellation);
            for (var i = 0; i < part.Count; i++)
                if (moved[i] == byShard[part[i]].Moves.Count)
                    refused.Remove(part[i]);
        });
        return [.. refused];
    }

    public async ValueTask<bool> ParkAsync(Guid claim, ParkedRow row, CancellationToken cancellation)
    {
        var database = Of(row.Shard);
        var batch = new MySqlBatch();
        batch.Sql.Append($"REPLACE INTO {database}.parked(follower,seq,attempts,parked_at,next_at,reason)" +
            $"SELECT name,{row.Seq},{row.Attempts},{row.ParkedAtMs},{row.NextAtMs},");
        // The lock makes a claim wait for the parking, or the parking for the claim.
        batch.Text(row.Reason).Sql.Append($" FROM {database}.followers WHERE name='{row.Follower}' AND claim=");
        batch.Bytes(claim.ToByteArray()).Sql.Append(" LOCK IN SHARE MODE");
        return await server.ExecuteAsync(batch, row.Shard, cancellation) > 0;
    }

    public async ValueTask RescheduleAsync(ParkedRow row, CancellationToken cancellation)
    {
        var batch = new MySqlBatch();
        batch.Sql.Append(
            $"UPDATE {Of(row.Shard)}.parked SET attempts={row.Attempts},next_at={row.NextAtMs},reason=");
        batch.Text(row.Reason).Sql.Append($" WHERE follower='{row.Follower}' AND seq={row.Seq}");
        await server.ExecuteAsync(batch, row.Shard, cancellation);
    }

    public async ValueTask<bool> UnparkAsync(ShardId shard, string follower, long seq, CancellationToken cancellation)
    {
        var batch = new MySqlBatch();
        batch.Sql.Append($"DELETE FROM {Of(shard)}.parked WHERE follower='{follower}' AND seq={seq}");
        return await server.ExecuteAsync(batch, shard, cancellation) > 0;
    }

    public async ValueTask<IReadOnlyList<ParkedRow>> ReadParkedAsync(
        IReadOnlyList<ShardId> shards, string? follower, long dueMs, int limit, CancellationToken cancellation)
    {
        var rows = new List<ParkedRow>();
        var named = follower is null ? "" : $" AND follower='{follower}'";
        await EachPartAsync(shards, async part => rows.AddRange(await UnionAsync(
            part, shard =>
                $"(SELECT {shard},follower,seq,attempts,parked_at,next_at,reason FROM {Of(shard)}.parked " +
                $"WHERE next_at<={dueMs}{named} ORDER BY next_at,seq LIMIT {limit})",
            row => new ParkedRow(new ShardId(row.GetInt32(0)), row.GetString(1), row.GetInt64(2), row.GetInt32(3),
                row.GetInt64(4), row.GetInt64(5), row.GetString(6)), cancellation)), UnionMax);
        return rows;
    }

    public async ValueTask<IReadOnlyList<ParkedSummary>> SumParkedAsync(ShardId shard, CancellationToken cancellation)
    {
        var batch = new MySqlBatch();
        batch.Sql.Append($"SELECT follower,COUNT(*),MIN(next_at) FROM {Of(shard)}.parked GROUP BY follower");
        return await server.QueryAsync(batch, shard,
            row => new ParkedSummary(row.GetString(0), row.GetInt64(1), row.GetInt64(2)), cancellation);
    }

    async ValueTask<List<ClaimedShard>> ClaimPartAsync(
        IReadOnlyList<ShardId> shards, Guid claim, IReadOnlyList<FollowerStart> followers,
        CancellationToken cancellation)
    {
        var batch = new MySqlBatch();
        var sql = batch.Sql.Append("START TRANSACTION;");
        var claimBytes = claim.ToByteArray();
        foreach (var shard in shards)
        {
            var database = Of(shard);
            foreach (var follower in followers)
            {
                var start = follower.AtEnd ? "last_seq" : "0";
                sql.Append($"INSERT INTO {database}.followers(name,seq,claim)SELECT '{follower.Name}',{start},");
                batch.Bytes(claimBytes).Sql.Append($" FROM {Fences} WHERE id={shard} AND state=1 ")
                    .Append("ON DUPLICATE KEY UPDATE followers.seq=followers.seq;");
            }
            sql.Append($"UPDATE {database}.followers SET claim=");
            batch.Bytes(claimBytes).Sql.Append($" WHERE(SELECT state FROM {Fences} WHERE id={shard})=1;");
        }
        sql.Append("COMMIT;");
        for (var i = 0; i < shards.Count; i++)
            sql.Append(i == 0 ? "" : " UNION ALL ").Append(
                $"SELECT {shards[i]},0,'',state,last_seq FROM {Fences} WHERE id={shards[i]} " +
                $"UNION ALL SELECT {shards[i]},1,name,seq,0 FROM {Of(shards[i])}.followers " +
                $"UNION ALL SELECT {shards[i]},2,follower,COUNT(*),MIN(next_at) FROM {Of(shards[i])}.parked "
                + "GROUP BY follower");
        var rows = await server.QueryAsync(batch, shards[0],
            row => (Shard: new ShardId(row.GetInt32(0)), What: row.GetInt32(1), Name: row.GetString(2),
                A: row.GetInt64(3), B: row.GetInt64(4)),
            cancellation);
        return [.. rows.GroupBy(r => r.Shard).Where(g => g.Any(r => r.What == 0)).Select(g =>
        {
            var own = g.First(r => r.What == 0);
            return new ClaimedShard(g.Key, (ShardState)own.A, own.B,
                g.Where(r => r.What == 1).ToDictionary(r => r.Name, r => r.A),
                g.Where(r => r.What == 2).ToDictionary(r => r.Name, r => new ParkedSummary(r.Name, r.A, r.B)));
        })];
    }

    /// <summary>How many cursors of each shard have moved.</summary>
    async ValueTask<long[]> AdvancePartAsync(IReadOnlyList<CursorAdvance> advances, CancellationToken cancellation)
    {
        var batch = new MySqlBatch();
        var sql = batch.Sql.Append("START TRANSACTION;");
        for (var i = 0; i < advances.Count; i++)
        {
            var moves = advances[i].Moves;
            sql.Append($"UPDATE {Of(advances[i].Shard)}.followers SET seq=CASE name");
            foreach (var move in moves)
                sql.Append($" WHEN '{move.Follower}' THEN {move.To}");
            sql.Append(" END WHERE claim=");
            batch.Bytes(advances[i].Claim.ToByteArray()).Sql.Append(" AND(");
            for (var m = 0; m < moves.Count; m++)
                sql.Append(m == 0 ? "" : " OR ").Append($"name='{moves[m].Follower}' AND seq={moves[m].From}");
            sql.Append($");SET @m{i}=ROW_COUNT();");
        }
        sql.Append("COMMIT;SELECT ").AppendJoin(',', Enumerable.Range(0, advances.Count).Select(i => $"@m{i}"));
        var rows = await server.QueryAsync(batch, advances[0].Shard,
            row => Enumerable.Range(0, advances.Count).Select(row.GetInt64).ToArray(), cancellation);
        return rows[0];
    }

    /// <summary>One round trip, in as many statements as it takes.</summary>
    async ValueTask<List<T>> UnionAsync<T>(
        IReadOnlyList<ShardId> shards, Func<ShardId, string> select, Func<MySqlDataReader, T> read,
        CancellationToken cancellation)
    {
        var batch = new MySqlBatch();
        batch.Sql.AppendJoin(
            ';', shards.Chunk(UnionMax).Select(part => string.Join(" UNION ALL ", part.Select(select))));
        return await server.QueryAsync(batch, shards[0], read, cancellation);
    }

    /// <summary>
    /// Asks in parts. One shard that is not here fails its whole part, which is then asked shard by shard, and that one
    /// is left out.
    /// </summary>
    static async ValueTask EachPartAsync(IReadOnlyList<ShardId> shards, Func<IReadOnlyList<ShardId>, Task> ask,
        int partMax = ShardsMax)
    {
        foreach (var part in shards.Chunk(partMax))
        {
            try
            {
                await ask(part);
            }
            catch (PinfoldException e) when (IsMissing(e))
            {
                if (part.Length == 1)
                    continue;
                foreach (var shard in part)
                {
                    try
                    {
                        await ask([shard]);
                    }
                    catch (PinfoldException missing) when (IsMissing(missing))
                    {
                        // It went to another server; the topology will say so.
                    }
                }
            }
        }
    }

    string Fences => $"{server.Databases.Server}.shards";

    string Of(ShardId shard) => server.Databases.Of(shard);

    static bool IsMissing(PinfoldException e) => e.InnerException is MySqlException
    {
        ErrorCode: MySqlErrorCode.NoSuchTable or MySqlErrorCode.UnknownDatabase,
    };
}
