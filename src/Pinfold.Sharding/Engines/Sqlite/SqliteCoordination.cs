using Microsoft.Data.Sqlite;

namespace Pinfold.Sharding.Engines.Sqlite;

/// <summary>
/// The file <c>pinfold.db</c> beside the shards: which processes live, who has which shard, and words left for one
/// another. All processes of a folder are on one machine, so SQLite's clock is one for all of them.
/// </summary>
sealed class SqliteCoordination(string folder) : ICoordination, IDisposable
{
    const string Now = "CAST(unixepoch('subsec')*1000 AS INTEGER)";

    // Nothing here is worth waiting for the disk at each commit: what a power cut takes back is leases of processes
    // that ended too. But the file has to be whole afterwards, which OFF would not promise.
    const string Schema = """
        PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA busy_timeout=5000;
        CREATE TABLE IF NOT EXISTS workers (
          id BLOB NOT NULL PRIMARY KEY,
          name TEXT NOT NULL,
          until INTEGER NOT NULL) WITHOUT ROWID; -- ms since 1970
        CREATE TABLE IF NOT EXISTS leases (
          shard INTEGER NOT NULL PRIMARY KEY,
          worker BLOB NOT NULL,
          until INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS wakeups (
          topic INTEGER NOT NULL, -- 0 commit, 1 lease, 2 parked
          shard INTEGER NOT NULL,
          seq INTEGER NOT NULL,
          at INTEGER NOT NULL,
          PRIMARY KEY (topic, shard)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS wakeups_at ON wakeups (at);
        """;

    const string WakeForLeases =
        $"INSERT INTO wakeups(topic,shard,seq,at)VALUES(1,0,0,{Now})ON CONFLICT DO UPDATE SET at=excluded.at;";

    readonly SemaphoreSlim _turn = new(1);
    SqliteConnection? _connection;

    public async ValueTask<LeaseTable> RenewAsync(Guid worker, string name, TimeSpan lease,
        CancellationToken cancellation)
    {
        var until = $"{Now}+{(long)lease.TotalMilliseconds}";
        var rows = await RunAsync($"""
            BEGIN IMMEDIATE;
            INSERT INTO workers(id,name,until)VALUES($worker,$name,{until})
              ON CONFLICT DO UPDATE SET until=excluded.until;
            UPDATE leases SET until={until} WHERE worker=$worker;
            SELECT -1,COUNT(*)FROM workers WHERE {Runs(lease)}
              UNION ALL SELECT shard,worker=$worker FROM leases WHERE {Runs(lease)};
            COMMIT
            """, worker, name, row => (Shard: row.GetInt32(0), Value: row.GetInt32(1)), cancellation);
        return new LeaseTable(
            rows.First(r => r.Shard < 0).Value,
            [.. rows.Where(r => r is { Shard: >= 0, Value: 1 }).Select(r => new ShardId(r.Shard))],
            [.. rows.Where(r => r is { Shard: >= 0, Value: 0 }).Select(r => new ShardId(r.Shard))]);
    }

    public async ValueTask<IReadOnlyList<ShardId>> AcquireAsync(
        Guid worker, IReadOnlyList<ShardId> shards, int most, TimeSpan lease, CancellationToken cancellation) =>
        await RunAsync($"""
            BEGIN IMMEDIATE;
            INSERT OR IGNORE INTO leases(shard,worker,until)VALUES
              {string.Join(',', shards.Select(s => $"({s},x'',0)"))};
            DELETE FROM workers WHERE until<{Now}-60000;
            UPDATE leases SET worker=$worker,until={Now}+{(long)lease.TotalMilliseconds} WHERE shard IN(
              SELECT shard FROM leases WHERE NOT({Runs(lease)}) AND shard IN({string.Join(',', shards)})
              ORDER BY shard LIMIT {most});
            SELECT shard FROM leases WHERE worker=$worker;
            COMMIT
            """, worker, "", row => new ShardId(row.GetInt32(0)), cancellation);

    public async ValueTask ReleaseAsync(Guid worker, IReadOnlyList<ShardId> shards, CancellationToken cancellation) =>
        await RunAsync($"""
            BEGIN IMMEDIATE;
            UPDATE leases SET until=0,worker=x'' WHERE worker=$worker AND shard IN({string.Join(',', shards)});
            {WakeForLeases}
            COMMIT
            """, worker, "", _ => 0, cancellation);

    public async ValueTask LeaveAsync(Guid worker, CancellationToken cancellation) =>
        await RunAsync($"""
            BEGIN IMMEDIATE;
            DELETE FROM workers WHERE id=$worker;
            UPDATE leases SET until=0,worker=x'' WHERE worker=$worker;
            {WakeForLeases}
            COMMIT
            """, worker, "", _ => 0, cancellation);

    public async ValueTask SendWakeupsAsync(IReadOnlyList<Wakeup> wakeups, CancellationToken cancellation) =>
        await RunAsync($"""
            INSERT INTO wakeups(topic,shard,seq,at)VALUES
            {string.Join(',', wakeups.Select(w => $"({(int)w.Topic},{w.Shard},{w.Seq},{Now})"))}
            ON CONFLICT DO UPDATE SET seq=MAX(seq,excluded.seq),at=excluded.at
            """, default, "", _ => 0, cancellation);

    public async ValueTask<WakeupsSince> ReadWakeupsAsync(long sinceMs, CancellationToken cancellation)
    {
        var rows = await RunAsync($"""
            SELECT -1,0,0,{Now} UNION ALL SELECT topic,shard,seq,at FROM wakeups WHERE at>={sinceMs}
            """, default, "",
            row => (Topic: row.GetInt32(0), Shard: row.GetInt32(1), Seq: row.GetInt64(2), At: row.GetInt64(3)),
            cancellation);
        return new WakeupsSince(rows.First(r => r.Topic < 0).At,
            [.. rows.Where(r => r.Topic >= 0)
                .Select(r => new Wakeup((WakeupTopic)r.Topic, new ShardId(r.Shard), r.Seq, r.At))]);
    }

    public void Dispose() => _connection?.Dispose();

    /// <summary>A lease that has much more to run than any is given for is of a clock that was put back.</summary>
    static string Runs(TimeSpan lease) =>
        $"until>{Now} AND until<={Now}+{(long)lease.TotalMilliseconds * ICoordination.LeasesMax}";

    async ValueTask<List<T>> RunAsync<T>(
        string sql, Guid worker, string name, Func<SqliteDataReader, T> read, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return Run(sql, worker, name, read);
        }
        catch (SqliteException e)
        {
            _connection?.Dispose();
            _connection = null;
            throw new PinfoldException(ErrorKind.Unavailable,
                $"The file pinfold.db in {folder} did not serve the followers: {e.Message}", e);
        }
        finally
        {
            _turn.Release();
        }
    }

    List<T> Run<T>(string sql, Guid worker, string name, Func<SqliteDataReader, T> read)
    {
        using var command = Open().CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$worker", worker.ToByteArray());
        command.Parameters.AddWithValue("$name", name);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        do
        {
            while (reader.Read())
                rows.Add(read(reader));
        }
        while (reader.NextResult());
        return rows;
    }

    SqliteConnection Open()
    {
        if (_connection is not null)
            return _connection;
        Directory.CreateDirectory(folder);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(folder, "pinfold.db"),
            Pooling = false,
            DefaultTimeout = 5,
        }.ConnectionString);
        connection.Open();
        using var schema = connection.CreateCommand();
        schema.CommandText = Schema;
        schema.ExecuteNonQuery();
        return _connection = connection;
    }
}
