using Microsoft.Data.Sqlite;

namespace Pinfold.Sharding.Engines.Sqlite;

/// <summary>
/// The file <c>pinfold.db</c> beside the shards: which processes live, who has which shard, and words left for one
/// another. All processes of a folder are on one machine, so SQLite's clock is one for all of them.
/// </summary>
sealed class SqliteCoordination(string folder) : ICoordination, IDisposable
{
    const string Now = "CAST(unixepoch('subsec')*1000 AS INTEGER)";

    /// <summary>How long the row of a process that is gone may still be of use to somebody who looks.</summary>
    const int ForgottenAfterMs = 60_000;

    // Nothing here is worth waiting for the disk at each commit: what a power cut takes back is leases of processes
    // that ended too. But the file has to be whole afterwards, which OFF would not promise.
    const string Schema = """
        PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA busy_timeout=5000;
        CREATE TABLE IF NOT EXISTS workers (
          id BLOB NOT NULL PRIMARY KEY,
          name TEXT NOT NULL,
          followers TEXT NOT NULL, -- each with the shards on which it cannot go on
          until INTEGER NOT NULL) WITHOUT ROWID; -- ms since 1970
        CREATE TABLE IF NOT EXISTS leases (
          follower TEXT NOT NULL PRIMARY KEY,
          version INTEGER NOT NULL,
          held TEXT NOT NULL) WITHOUT ROWID; -- worker=shards, for as long as the worker lives
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

    public async ValueTask<LeaseTable> RenewAsync(
        Guid worker, string name, string followers, TimeSpan lease, CancellationToken cancellation)
    {
        var rows = await RunAsync($"""
            BEGIN IMMEDIATE;
            INSERT INTO workers(id,name,followers,until)VALUES($0,$1,$2,{Now}+{(long)lease.TotalMilliseconds})
              ON CONFLICT DO UPDATE SET until=excluded.until,followers=excluded.followers;
            SELECT id,'',0,followers FROM workers WHERE {Lives(lease)}
              UNION ALL SELECT x'',follower,version,held FROM leases ORDER BY 1,2;
            COMMIT
            """, [worker.ToByteArray(), name, followers], row => (
                Id: row.GetFieldValue<byte[]>(0), Follower: row.GetString(1), Version: row.GetInt64(2),
                Text: row.GetString(3)), cancellation);
        return new LeaseTable(
            [.. rows.Where(r => r.Id.Length > 0).Select(r => new LivingWorker(new Guid(r.Id), r.Text))],
            [.. rows.Where(r => r.Id.Length == 0).Select(r => new LeaseRow(r.Follower, r.Version, r.Text))]);
    }

    public async ValueTask<IReadOnlyList<LivingWorker>> ReadLivingAsync(CancellationToken cancellation) =>
        await RunAsync($"SELECT id,followers FROM workers WHERE until>{Now} ORDER BY id", [],
            row => new LivingWorker(new Guid(row.GetFieldValue<byte[]>(0)), row.GetString(1)), cancellation);

    public async ValueTask<IReadOnlyList<string>> ChangeLeasesAsync(
        IReadOnlyList<LeaseChange> changes, bool wake, CancellationToken cancellation) =>
        await RunAsync($"""
            BEGIN IMMEDIATE;
            {string.Concat(changes.Select((change, i) => change.FromVersion == 0
                ? $"""
                INSERT OR IGNORE INTO leases(follower,version,held)VALUES('{change.Follower}',1,${i})
                  RETURNING follower;
                """
                : $"""
                UPDATE leases SET version={change.FromVersion + 1},held=${i}
                  WHERE follower='{change.Follower}' AND version={change.FromVersion} RETURNING follower;
                """))}
            DELETE FROM workers WHERE until<{Now}-{ForgottenAfterMs};
            {(wake ? WakeForLeases : "")}
            COMMIT
            """, [.. changes.Select(change => change.Held)], row => row.GetString(0), cancellation);

    public async ValueTask LeaveAsync(Guid worker, CancellationToken cancellation) =>
        await RunAsync($"BEGIN IMMEDIATE;DELETE FROM workers WHERE id=$0;{WakeForLeases}COMMIT",
            [worker.ToByteArray()], _ => 0, cancellation);

    public async ValueTask SendWakeupsAsync(IReadOnlyList<Wakeup> wakeups, CancellationToken cancellation) =>
        await RunAsync($"""
            INSERT INTO wakeups(topic,shard,seq,at)VALUES
            {string.Join(',', wakeups.Select(w => $"({(int)w.Topic},{w.Shard},{w.Seq},{Now})"))}
            ON CONFLICT DO UPDATE SET seq=MAX(seq,excluded.seq),at=excluded.at
            """, [], _ => 0, cancellation);

    public async ValueTask<WakeupsSince> ReadWakeupsAsync(long sinceMs, CancellationToken cancellation)
    {
        var rows = await RunAsync($"""
            SELECT -1,0,0,{Now} UNION ALL SELECT topic,shard,seq,at FROM wakeups WHERE at>={sinceMs}
            """, [],
            row => (Topic: row.GetInt32(0), Shard: row.GetInt32(1), Seq: row.GetInt64(2), At: row.GetInt64(3)),
            cancellation);
        return new WakeupsSince(rows.First(r => r.Topic < 0).At,
            [.. rows.Where(r => r.Topic >= 0)
                .Select(r => new Wakeup((WakeupTopic)r.Topic, new ShardId(r.Shard), r.Seq, r.At))]);
    }

    public void Dispose() => _connection?.Dispose();

    /// <summary>A lease that has much more to run than any is given for is of a clock that was put back.</summary>
    static string Lives(TimeSpan lease) =>
        $"until>{Now} AND until<={Now}+{(long)lease.TotalMilliseconds * ICoordination.LeasesMax}";

    async ValueTask<List<T>> RunAsync<T>(
        string sql, object[] values, Func<SqliteDataReader, T> read, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return Run(sql, values, read);
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

    List<T> Run<T>(string sql, object[] values, Func<SqliteDataReader, T> read)
    {
        using var command = Open().CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue($"${i}", values[i]);
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
