using MySqlConnector;

namespace Pinfold.Sharding.Engines.MySql;

/// <summary>Trims the journals on a MySQL or MariaDB.</summary>
sealed class MySqlJournalTrim(MySqlShardServer server, MySqlFollowerTables tables) : IJournalTrim
{
    /// <summary>The most shards that one statement asks for: each is a SELECT of its own in a UNION.</summary>
    const int ExtentsMax = 64;

    string Cursors => $"{tables.Database}.cursors";

    string Parked => $"{tables.Database}.parked";

    string Shards => $"{tables.Database}.shards";

    public async ValueTask<long> ReadClockAsync(CancellationToken cancellation)
    {
        var batch = new MySqlBatch();
        batch.Sql.Append($"SELECT {MySqlCoordination.Now}");
        return (await server.QueryAsync(batch, null, row => row.GetInt64(0), cancellation))[0];
    }

    public async ValueTask<IReadOnlyList<JournalExtent>> ReadExtentsAsync(
        IReadOnlyList<ShardId> shards, CancellationToken cancellation)
    {
        await tables.PrepareAsync(cancellation);
        var extents = new List<JournalExtent>(shards.Count);
        foreach (var part in shards.Chunk(ExtentsMax))
        {
            var batch = new MySqlBatch(256 * part.Length);
            for (var i = 0; i < part.Length; i++)
            {
                var journal = Journal(part[i]);
                batch.Sql.Append(i == 0 ? "" : " UNION ALL ")
                    .Append($"SELECT id,last_seq,(SELECT MIN(seq)FROM {journal}),")
                    .Append($"(SELECT at FROM {journal} ORDER BY seq LIMIT 1),")
                    .Append("(SELECT CAST(AVG(LENGTH(entries))AS UNSIGNED)FROM")
                    .Append($"(SELECT entries FROM {journal} ORDER BY seq DESC LIMIT 100)newest)")
                    .Append($"FROM {Shards} WHERE id={part[i]}");
            }
            extents.AddRange(await server.QueryAsync(batch, null, Extent, cancellation));
        }
        return extents;
    }

    public async ValueTask<IReadOnlyList<ParkedHold>> ReadParkedAsync(
        IReadOnlyList<ShardId> shards, CancellationToken cancellation)
    {
        await tables.PrepareAsync(cancellation);
        var batch = new MySqlBatch();
        batch.Sql.Append($"SELECT shard,follower,MIN(IF(next_at<{ParkedRow.Never},seq,NULL)),")
            .Append($"COUNT(IF(next_at<{ParkedRow.Never},1,NULL)),COUNT(*)FROM {Parked} WHERE ");
        batch.InRuns("shard", shards).Sql.Append(" GROUP BY shard,follower");
        return await server.QueryAsync(batch, null, row => new ParkedHold(
            new ShardId(row.GetInt32(0)), row.GetString(1), row.IsDBNull(2) ? null : row.GetInt64(2), row.GetInt64(3),
            row.GetInt64(4) - row.GetInt64(3)), cancellation);
    }

    public async ValueTask<IReadOnlyList<RowTime>> ReadTimesAsync(
        ShardId shard, long after, int limit, CancellationToken cancellation)
    {
        var batch = new MySqlBatch();
        batch.Sql.Append($"SELECT seq,at FROM {Journal(shard)} WHERE seq>{after} ORDER BY seq LIMIT {limit}");
        return await server.QueryAsync(
            batch, shard, row => new RowTime(row.GetInt64(0), row.GetInt64(1)), cancellation);
    }

    public async ValueTask<TrimAnswer> TrimAsync(TrimCut cut, CancellationToken cancellation)
    {
        await tables.PrepareAsync(cancellation);
        var (shard, names) = (cut.Shard, string.Join(',', cut.Followers.Select(name => $"'{name}'")));
        var batch = new MySqlBatch(1024);
        // Only at this level does a locking read also keep others from adding a cursor, or parking, meanwhile.
        batch.Sql.Append("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;START TRANSACTION;")
            .Append("SET @last=NULL,@slowest=NULL,@parked=NULL,@there=0;")
            .Append($"SELECT MIN(seq),COUNT({(names.Length == 0 ? "NULL" : $"IF(follower IN({names}),1,NULL)")})")
            .Append($"INTO @slowest,@there FROM {Cursors} WHERE shard={shard} FOR UPDATE;")
            .Append($"SELECT MIN(seq)INTO @parked FROM {Parked} WHERE shard={shard} ")
            .Append($"AND next_at<{ParkedRow.Never} FOR UPDATE;")
            .Append($"SELECT last_seq-{cut.KeepRows} INTO @last FROM {Shards} WHERE id={shard} AND state=1;")
            .Append($"SET @limit=IF(@last IS NULL OR @there<{cut.Followers.Count},-1,")
            .Append("LEAST(@last,IFNULL(@slowest,@last),IFNULL(@parked-1,@last)));")
            .Append($"DELETE FROM {Journal(shard)} WHERE seq BETWEEN {cut.From} AND {cut.To} AND seq<=@limit;")
            .Append("SET @rows=ROW_COUNT();")
            .Append($"DELETE FROM {Parked} WHERE shard={shard} AND next_at={ParkedRow.Never} ")
            .Append($"AND seq<={cut.To} AND seq<=@limit;COMMIT;SELECT @rows,@limit");
        return (await server.QueryAsync(batch, shard,
            row => new TrimAnswer(row.GetInt32(0), row.GetInt64(1)), cancellation))[0];
    }

    public async ValueTask<int> ForgetAsync(
        string follower, IReadOnlyList<ShardId> shards, CancellationToken cancellation)
    {
        await tables.PrepareAsync(cancellation);
        var batch = new MySqlBatch();
        batch.Sql.Append("START TRANSACTION;");
        foreach (var table in (string[])[Cursors, Parked])
        {
            batch.Sql.Append($"DELETE FROM {table} WHERE follower='{follower}' AND ");
            batch.InRuns("shard", shards).Sql.Append(table == Cursors ? ";SET @cursors=ROW_COUNT();" : ";");
        }
        batch.Sql.Append("COMMIT;SELECT @cursors");
        return (await server.QueryAsync(batch, null, row => row.GetInt32(0), cancellation))[0];
    }

    public async ValueTask<bool> MoveToBeginAsync(ShardId shard, string follower, CancellationToken cancellation)
    {
        await tables.PrepareAsync(cancellation);
        var begin = $"(SELECT MIN(seq)-1 FROM {Journal(shard)})";
        var batch = new MySqlBatch();
        batch.Sql.Append($"UPDATE {Cursors} SET seq={begin},claim=");
        batch.Bytes(Guid.NewGuid().ToByteArray()).Sql
            .Append($" WHERE shard={shard} AND follower='{follower}' AND seq<{begin}");
        return await server.ExecuteAsync(batch, shard, cancellation) > 0;
    }

    string Journal(ShardId shard) => $"{server.Databases.Of(shard)}.journal";

    static JournalExtent Extent(MySqlDataReader row)
    {
        var last = row.GetInt64(1);
        return new JournalExtent(
            new ShardId(row.GetInt32(0)), row.IsDBNull(2) ? last + 1 : row.GetInt64(2), last,
            row.IsDBNull(3) ? 0 : row.GetInt64(3), row.IsDBNull(4) ? 0 : row.GetInt64(4) + JournalRow.BytesBeside);
    }
}
