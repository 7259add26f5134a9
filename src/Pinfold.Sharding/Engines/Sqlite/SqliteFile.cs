using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Pinfold.Sharding.Engines.Sqlite;

/// <summary>
/// An open connection to one shard's file, with the statements that it has prepared. For one thread at a time.
/// </summary>
sealed class SqliteFile : IDisposable
{
    /// <summary>An acknowledged write is on disk.</summary>
    public const string Durable = "PRAGMA synchronous=FULL";

    // This build of SQLite turns foreign keys on; there are none here.
    const string Settings =
        $"PRAGMA journal_mode=WAL;{Durable};PRAGMA foreign_keys=OFF;" +
        "PRAGMA cache_size=-1024;PRAGMA journal_size_limit=16777216";

    readonly Dictionary<SqliteSql, SqliteStatement> _statements = [];
    readonly SqliteConnection _connection;
    readonly sqlite3 _database;

    SqliteFile(ShardId shard, SqliteConnection connection)
    {
        Shard = shard;
        _connection = connection;
        _database = connection.Handle!;
    }

    public ShardId Shard { get; }

    /// <summary>When the file was made that was opened: another one of its name is not it.</summary>
    public DateTime MadeAt { get; set; }

    /// <summary>When it was last given back, by a clock that only runs forward.</summary>
    public long LastUsedMs { get; set; }

    /// <summary>Opens a file that is there.</summary>
    /// <exception cref="PinfoldException">Corrupt: not ours, or newer.</exception>
    public static SqliteFile Open(ShardId shard, string path, TimeSpan busyTimeout)
    {
        var connection = Connect(path, SqliteOpenMode.ReadWrite);
        try
        {
            connection.Open();
            var file = new SqliteFile(shard, connection);
            file.WaitWhenBusy(busyTimeout);
            file.RefuseOthers(path);
            file.Execute(Settings);
            return file;
        }
        catch (Exception)
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Makes a new file whole, which does not bear its final name yet.</summary>
    public static void Build(ShardId shard, string path, string sql)
    {
        using var connection = Connect(path, SqliteOpenMode.ReadWriteCreate);
        connection.Open();
        using var file = new SqliteFile(shard, connection);
        file.Execute($"{Durable};BEGIN;{sql};COMMIT;PRAGMA journal_mode=WAL");
    }

    /// <summary>
    /// Makes a shard of a file in its place that is a database without anything in it, as a copy that was broken off
    /// or a full disk leaves. In place and in one transaction: another process may do the same at this moment.
    /// </summary>
    public static void FillIfEmpty(ShardId shard, string path, string sql, TimeSpan busyTimeout)
    {
        using var connection = Connect(path, SqliteOpenMode.ReadWrite);
        connection.Open();
        using var file = new SqliteFile(shard, connection);
        file.WaitWhenBusy(busyTimeout);
        if (!file.IsEmpty())
            return;
        file.Execute($"{Durable};BEGIN IMMEDIATE");
        if (file.IsEmpty())
            file.Execute(sql);
        file.Execute("COMMIT;PRAGMA journal_mode=WAL");
    }

    /// <summary>How long a statement waits for another process.</summary>
    public void WaitWhenBusy(TimeSpan timeout) =>
        _ = raw.sqlite3_busy_timeout(_database, (int)timeout.TotalMilliseconds);

    /// <summary>The statement, prepared when first asked for.</summary>
    public SqliteStatement Statement(SqliteSql sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
            _statements.Add(sql, statement = new SqliteStatement(_database, sql.Text()));
        return statement;
    }

    /// <summary>A statement that is not worth keeping; for the caller to dispose.</summary>
    public SqliteStatement Prepare(string sql) => new(_database, sql);

    /// <summary>All rows of a query that is not worth keeping.</summary>
    public List<T> Rows<T>(string sql, Func<SqliteStatement, T> read)
    {
        using var statement = Prepare(sql);
        var rows = new List<T>();
        while (statement.Next())
            rows.Add(read(statement));
        return rows;
    }

    /// <summary>Runs statements that are needed once.</summary>
    public void Execute(string sql) => SqliteException.ThrowExceptionForRC(raw.sqlite3_exec(_database, sql), _database);

    /// <summary>Takes back what was begun. When that fails, closing the connection takes it back.</summary>
    public bool TryRollBack() =>
        raw.sqlite3_get_autocommit(_database) != 0 || raw.sqlite3_exec(_database, "ROLLBACK") == raw.SQLITE_OK;

    /// <summary>
    /// Whether it can be used again after a failure. On a full disk it must be: the last connection to a file takes the
    /// log and its index along, others may have their room at once, and then the file cannot even be read.
    /// </summary>
    public bool Survives(Exception failure) =>
        failure is SqliteException { SqliteErrorCode: raw.SQLITE_FULL }
        && TryRollBack()
        && raw.sqlite3_exec(_database, Durable) == raw.SQLITE_OK;

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _connection.Dispose();
    }

    static SqliteConnection Connect(string path, SqliteOpenMode mode) => new(
        new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ConnectionString);

    bool IsEmpty()
    {
        using var count = new SqliteStatement(_database,
            "SELECT (SELECT COUNT(*) FROM sqlite_schema)+(SELECT user_version FROM pragma_user_version)");
        count.Next();
        return count.Int64(0) == 0;
    }

    void RefuseOthers(string path)
    {
        using var version = new SqliteStatement(_database, "PRAGMA user_version");
        version.Next();
        var format = version.Int64(0);
        version.Reset();
        if (format == 0)
            throw SqliteErrors.NotAShard(Shard, path);
        if (format != SqliteSchema.Format)
            throw SqliteErrors.OfOtherFormat(Shard, path, format);
    }
}
