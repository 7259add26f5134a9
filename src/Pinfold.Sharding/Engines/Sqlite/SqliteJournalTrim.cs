namespace Pinfold.Sharding.Engines.Sqlite;

/// <summary>Trims the journals in a folder, each in its own file.</summary>
sealed class SqliteJournalTrim(SqliteShardServer server) : IJournalTrim
{
    /// <summary>The clock of this machine, on which all processes of the folder are.</summary>
    public ValueTask<long> ReadClockAsync(CancellationToken cancellation) =>
        new(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());

    public async ValueTask<IReadOnlyList<JournalExtent>> ReadExtentsAsync(
        IReadOnlyList<ShardId> shards, CancellationToken cancellation)
    {
        const string sql = """
            SELECT last_seq,COALESCE((SELECT MIN(seq)FROM journal),last_seq+1),
              COALESCE((SELECT at FROM journal ORDER BY seq LIMIT 1),0),
              COALESCE((SELECT CAST(AVG(LENGTH(entries))AS INTEGER)FROM
                (SELECT entries FROM journal ORDER BY seq DESC LIMIT 100)),0)
            FROM shard
            """;
        return await OfEachAsync<JournalExtent>(shards, shard => file => file.Rows(sql, row => new JournalExtent(
            shard, row.Int64(1), row.Int64(0), row.Int64(2), row.Int64(3) + JournalRow.BytesBeside)), cancellation);
    }

    public async ValueTask<IReadOnlyList<ParkedHold>> ReadParkedAsync(
        IReadOnlyList<ShardId> shards, CancellationToken cancellation)
    {
        var sql = $"""
            SELECT follower,COALESCE(MIN(seq)FILTER(WHERE next_at<{ParkedRow.Never}),0),
              COUNT(*)FILTER(WHERE next_at<{ParkedRow.Never}),COUNT(*)FROM parked GROUP BY follower
            """;
        return await OfEachAsync<ParkedHold>(shards, shard => file => file.Rows(sql, row => new ParkedHold(
            shard, row.Text(0), row.Int64(1) == 0 ? null : row.Int64(1), row.Int64(2), row.Int64(3) - row.Int64(2))),
            cancellation);
    }

    public async ValueTask<IReadOnlyList<RowTime>> ReadTimesAsync(
        ShardId shard, long after, int limit, CancellationToken cancellation) =>
        await server.UseAsync(shard, file => file.Rows(
            $"SELECT seq,at FROM journal WHERE seq>{after} ORDER BY seq LIMIT {limit}",
            row => new RowTime(row.Int64(0), row.Int64(1))), cancellation);

    /// <summary>Who writes to the file has it alone, from the look to the end.</summary>
    public async ValueTask<TrimAnswer> TrimAsync(TrimCut cut, CancellationToken cancellation) =>
        await server.WriteLooselyAsync(cut.Shard, file => Trim(file, cut), cancellation);

    public async ValueTask<int> ForgetAsync(
        string follower, IReadOnlyList<ShardId> shards, CancellationToken cancellation)
    {
        var forgotten = 0;
        foreach (var shard in shards.Where(server.Has))
            forgotten += await server.WriteLooselyAsync(shard, file =>
            {
                Run(file, $"DELETE FROM parked WHERE follower='{follower}'");
                return Run(file, $"DELETE FROM cursors WHERE follower='{follower}'");
            }, cancellation);
        return forgotten;
    }

    public async ValueTask<bool> MoveToBeginAsync(ShardId shard, string follower, CancellationToken cancellation) =>
        await server.WriteLooselyAsync(shard, file => Run(file, $"""
            UPDATE cursors SET seq=(SELECT MIN(seq)-1 FROM journal),claim=randomblob(16)
            WHERE follower='{follower}' AND seq<(SELECT MIN(seq)-1 FROM journal)
            """), cancellation) > 0;

    static TrimAnswer Trim(SqliteFile file, TrimCut cut)
    {
        var (state, last) = file.Rows(
            "SELECT state,last_seq FROM shard", row => ((ShardState)row.Int64(0), row.Int64(1)))[0];
        var cursors = file.Rows("SELECT follower,seq FROM cursors", row => (Follower: row.Text(0), Seq: row.Int64(1)));
        if (state != ShardState.Open || cut.Followers.Except(cursors.Select(cursor => cursor.Follower)).Any())
            return new TrimAnswer(0, -1);
        var parked = file.Rows(
            $"SELECT MIN(seq)-1 FROM parked WHERE next_at<{ParkedRow.Never} HAVING COUNT(*)>0", row => row.Int64(0));
        var limit = cursors.Select(cursor => cursor.Seq).Concat(parked).Append(last - cut.KeepRows).Min();
        var to = Math.Min(cut.To, limit);
        Run(file, $"DELETE FROM parked WHERE next_at={ParkedRow.Never} AND seq<={to}");
        return new TrimAnswer(Run(file, $"DELETE FROM journal WHERE seq BETWEEN {cut.From} AND {to}"), limit);
    }

    static int Run(SqliteFile file, string sql)
    {
        using var statement = file.Prepare(sql);
        return statement.Run();
    }

    async ValueTask<List<T>> OfEachAsync<T>(
        IReadOnlyList<ShardId> shards, Func<ShardId, Func<SqliteFile, List<T>>> read, CancellationToken cancellation)
    {
        var rows = new List<T>(shards.Count);
        foreach (var shard in shards.Where(server.Has))
            rows.AddRange(await server.UseAsync(shard, read(shard), cancellation));
        return rows;
    }
}
