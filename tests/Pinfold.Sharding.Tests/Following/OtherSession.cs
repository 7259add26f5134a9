using MySqlConnector;

namespace Pinfold.Sharding.Tests.Following;

/// <summary>A session with a MySQL or MariaDB that is nobody's of the library.</summary>
sealed class OtherSession(MySqlConnection connection, string connectionString) : IAsyncDisposable
{
    public static async Task<OtherSession> OpenAsync(string connectionString)
    {
        var connection = new MySqlConnection(connectionString + ";Pooling=False");
        await connection.OpenAsync();
        return new OtherSession(connection, connectionString);
    }

    public async Task SqlAsync(string sql)
    {
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Waits until a statement with that word waits for a lock.</summary>
    public async Task AwaitLockWaitAsync(string word)
    {
        await using var looking = await OpenAsync(connectionString);
        await Eventually.BecomesAsync(async () => await looking.CountAsync(
            "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state='LOCK WAIT' "
            + $"AND INSTR(trx_query,'{word}')") > 0, "a wait for a lock");
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    async Task<long> CountAsync(string sql)
    {
        await using var command = new MySqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
