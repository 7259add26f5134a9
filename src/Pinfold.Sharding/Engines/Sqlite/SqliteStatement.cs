using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Pinfold.Sharding.Engines.Sqlite;

/// <summary>
/// A statement that is prepared once per connection and run again with other values. It stands in for SqliteCommand,
/// which costs a reader and a boxed value per parameter, and whose own wait for a busy file sleeps 150 ms at a time.
/// </summary>
sealed class SqliteStatement : IDisposable
{
    // Tells SQLite that the statement will be kept for long.
    const uint Persistent = 1;

    readonly sqlite3 _database;
    readonly sqlite3_stmt _statement;
    int _bound;

    public SqliteStatement(sqlite3 database, string sql)
    {
        _database = database;
        var code = raw.sqlite3_prepare_v3(database, sql, Persistent, out _statement);
        SqliteException.ThrowExceptionForRC(code, database);
    }

    /// <summary>Gives the next parameter, from the first after each run, its value.</summary>
    public SqliteStatement With(long value)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_int64(_statement, ++_bound, value), _database);
        return this;
    }

    /// <inheritdoc cref="With(long)"/>
    public SqliteStatement With(ReadOnlySpan<byte> value)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_blob(_statement, ++_bound, value), _database);
        return this;
    }

    /// <summary>
    /// Moves to the next row; false when there is none. After the last, or to stop before it, <see cref="Reset"/>.
    /// </summary>
    public bool Next()
    {
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW)
            return true;
        if (code == raw.SQLITE_DONE)
            return false;
        try
        {
            SqliteException.ThrowExceptionForRC(code, _database);
            return false;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>
    /// Ends the run. A statement that is left in the midst would keep its snapshot, and the log could not shrink.
    /// </summary>
    public void Reset()
    {
        _bound = 0;
        _ = raw.sqlite3_reset(_statement); // gives the error of the run once more
    }

    /// <summary>Runs to the end; how many rows it wrote.</summary>
    public int Run()
    {
        while (Next())
        {
        }
        Reset();
        return raw.sqlite3_changes(_database);
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(_statement, column);

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public byte[] Bytes(int column) => raw.sqlite3_column_blob(_statement, column).ToArray();

    public void Dispose() => _statement.Dispose();
}
