using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Pinfold.Sharding.Engines.Sqlite;

/// <summary>The catalog as a file beside the shards; made by the first change.</summary>
sealed class SqliteCatalogDatabase(string folder, TimeSpan busyTimeout) : ICatalogDatabase, IDisposable
{
    readonly SemaphoreSlim _turn = new(1);
    SqliteConnection? _connection;

    public string Location => Path.Combine(folder, "pinfold-catalog.db");

    public bool IsMade => File.Exists(Location);

    public string Before => "";

    public string NowMs => "CAST(unixepoch('subsec')*1000 AS INTEGER)";

    public async ValueTask<IReadOnlyList<T>> QueryAsync<T>(
        string sql, IReadOnlyList<object?> values, Func<DbDataReader, T> read, CancellationToken cancellation)
    {
        if (!IsMade)
            return [];
        return await InTurnAsync(() =>
        {
            using var command = Command(sql, values);
            using var reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
                rows.Add(read(reader));
            return rows;
        }, cancellation);
    }

    public async ValueTask<int?> ChangeAsync(
        IReadOnlyList<CatalogStatement> statements, CancellationToken cancellation) =>
        await InTurnAsync(() => Change(statements), cancellation);

    public void Dispose() => Close();

    int? Change(IReadOnlyList<CatalogStatement> statements)
    {
        Execute("BEGIN IMMEDIATE");
        var isWhole = false;
        try
        {
            for (var i = 0; i < statements.Count; i++)
                if (!IsDone(statements[i]))
                    return i;
            Execute("COMMIT");
            isWhole = true;
            return null;
        }
        finally
        {
            if (!isWhole && raw.sqlite3_get_autocommit(_connection!.Handle) == 0)
                Execute("ROLLBACK");
        }
    }

    bool IsDone(CatalogStatement statement)
    {
        using var command = Command(statement.Sql, statement.Values);
        try
        {
            var rows = command.ExecuteNonQuery();
            return statement.Rows is not { } due || rows == due;
        }
        catch (SqliteException e) when (e.SqliteErrorCode == raw.SQLITE_CONSTRAINT)
        {
            return false;
        }
    }

    async Task<T> InTurnAsync<T>(Func<T> run, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return run();
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            Close();
            throw new PinfoldException(ErrorKind.Unavailable, $"The catalog {Location} cannot be used: {e.Message}", e);
        }
        finally
        {
            _turn.Release();
        }
    }

    SqliteCommand Command(string sql, IReadOnlyList<object?> values)
    {
        var command = Open().CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Count; i++)
            command.Parameters.AddWithValue($"@p{i}", values[i] ?? DBNull.Value);
        return command;
    }

    void Execute(string sql)
    {
        using var command = Command(sql, []);
        command.ExecuteNonQuery();
    }

    SqliteConnection Open()
    {
        if (_connection is not null)
            return _connection;
        Directory.CreateDirectory(folder);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Location,
            Pooling = false,
            DefaultTimeout = (int)Math.Ceiling(busyTimeout.TotalSeconds),
        }.ConnectionString);
        try
        {
            connection.Open();
            using var schema = connection.CreateCommand();
            schema.CommandText = $"PRAGMA journal_mode=WAL;{SqliteFile.Durable};{CatalogTables.Make("")}";
            schema.ExecuteNonQuery();
            return _connection = connection;
        }
        catch (Exception)
        {
            connection.Dispose();
            throw;
        }
    }

    void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
