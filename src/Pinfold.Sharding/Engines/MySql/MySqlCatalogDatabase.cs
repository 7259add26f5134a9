using System.Data.Common;
using MySqlConnector;

namespace Pinfold.Sharding.Engines.MySql;

/// <summary>The catalog in the server-wide database of a MySQL or MariaDB.</summary>
sealed class MySqlCatalogDatabase(MySqlShardServer server) : ICatalogDatabase
{
    /// <summary>So often a change is tried that met another one.</summary>
    const int TriesMax = 5;

    public string Location => $"database {server.Databases.Server} on server {server.Name}";

    public bool IsMade => true;

    public string Before => server.Databases.Server + ".";

    public string NowMs => "(TIMESTAMPDIFF(MICROSECOND,'1970-01-01',UTC_TIMESTAMP(3))DIV 1000)";

    public async ValueTask<IReadOnlyList<T>> QueryAsync<T>(
        string sql, IReadOnlyList<object?> values, Func<DbDataReader, T> read, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await server.Sessions.OpenAsync(cancellation);
            await using var command = Command(connection, sql, values);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            var rows = new List<T>();
            while (await reader.ReadAsync(cancellation))
                rows.Add(read(reader));
            return rows;
        }
        catch (MySqlException e) when (IsWithoutTables(e))
        {
            return [];
        }
        catch (Exception e) when (MySqlErrors.IsOfServer(e))
        {
            throw Unavailable(e);
        }
    }

    public async ValueTask<int?> ChangeAsync(
        IReadOnlyList<CatalogStatement> statements, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryChangeAsync(statements, cancellation);
            }
            catch (MySqlException e) when (attempt < TriesMax && IsWithoutTables(e))
            {
                await MakeTablesAsync(cancellation);
            }
            catch (MySqlException e) when (attempt < TriesMax
                && e.ErrorCode is MySqlErrorCode.LockDeadlock or MySqlErrorCode.LockWaitTimeout)
            {
                // Nothing was changed.
            }
            catch (Exception e) when (MySqlErrors.IsOfServer(e))
            {
                throw Unavailable(e);
            }
        }
    }

    async Task<int?> TryChangeAsync(IReadOnlyList<CatalogStatement> statements, CancellationToken cancellation)
    {
        await using var connection = await server.Sessions.OpenAsync(cancellation);
        var isWhole = false;
        try
        {
            await ExecuteAsync(connection, "START TRANSACTION", cancellation);
            for (var i = 0; i < statements.Count; i++)
                if (!await IsDoneAsync(connection, statements[i], cancellation))
                    return i;
            await ExecuteAsync(connection, "COMMIT", cancellation);
            isWhole = true;
            return null;
        }
        finally
        {
            if (!isWhole)
                await server.Sessions.RollBackAsync(connection);
        }
    }

    async Task<bool> IsDoneAsync(
        MySqlConnection connection, CatalogStatement statement, CancellationToken cancellation)
    {
        await using var command = Command(connection, statement.Sql, statement.Values);
        try
        {
            var rows = await command.ExecuteNonQueryAsync(cancellation);
            return statement.Rows is not { } due || rows == due;
        }
        catch (MySqlException e) when (e.ErrorCode == MySqlErrorCode.DuplicateKeyEntry)
        {
            return false;
        }
    }

    async Task MakeTablesAsync(CancellationToken cancellation)
    {
        var name = server.Databases.Server;
        await using var connection = await server.Sessions.OpenAsync(cancellation);
        await ExecuteAsync(connection,
            $"CREATE DATABASE IF NOT EXISTS {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;"
            + CatalogTables.Make(Before), cancellation);
    }

    async Task ExecuteAsync(MySqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = Command(connection, sql, []);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    MySqlCommand Command(MySqlConnection connection, string sql, IReadOnlyList<object?> values)
    {
        var seconds = (int)Math.Ceiling(server.Timeout.TotalSeconds);
        var command = new MySqlCommand(sql, connection) { CommandTimeout = seconds };
        for (var i = 0; i < values.Count; i++)
            command.Parameters.AddWithValue($"@p{i}", values[i] ?? DBNull.Value);
        return command;
    }

    static bool IsWithoutTables(MySqlException e) =>
        e.ErrorCode is MySqlErrorCode.NoSuchTable or MySqlErrorCode.UnknownDatabase;

    PinfoldException Unavailable(Exception e) => new(ErrorKind.Unavailable,
        $"The catalog in {Location} cannot be used: {e.Message}", e);
}
