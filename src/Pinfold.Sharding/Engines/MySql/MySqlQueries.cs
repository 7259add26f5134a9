using MySqlConnector;

namespace Pinfold.Sharding.Engines.MySql;

/// <summary>A batch in one round trip on a pooled connection, which never goes back with a transaction open.</summary>
static class MySqlQueries
{
    /// <summary>Runs statements; how many rows they changed in all.</summary>
    public static async ValueTask<int> ExecuteAsync(
        this MySqlShardServer server, MySqlBatch batch, ShardId? shard, CancellationToken cancellation) =>
        await RunAsync(server, batch, shard, static (command, token) => command.ExecuteNonQueryAsync(token),
            cancellation);

    /// <summary>Runs statements of which one selects; its rows.</summary>
    public static async ValueTask<List<T>> QueryAsync<T>(
        this MySqlShardServer server, MySqlBatch batch, ShardId? shard, Func<MySqlDataReader, T> read,
        CancellationToken cancellation) =>
        await RunAsync(server, batch, shard, async (command, token) =>
        {
            await using var reader = await command.ExecuteReaderAsync(token);
            var rows = new List<T>();
            do
            {
                while (await reader.ReadAsync(token))
                    rows.Add(read(reader));
            }
            while (await reader.NextResultAsync(token));
            return rows;
        }, cancellation);

    static async Task<T> RunAsync<T>(
        MySqlShardServer server, MySqlBatch batch, ShardId? shard, Func<MySqlCommand, CancellationToken, Task<T>> run,
        CancellationToken cancellation)
    {
        try
        {
            await using var connection = await server.Sessions.OpenAsync(cancellation);
            try
            {
                await using var command = batch.ToCommand(connection, server.Timeout);
                return await run(command, cancellation);
            }
            catch (Exception e) when (MySqlErrors.IsOfServer(e) || e is OperationCanceledException)
            {
                await server.Sessions.RollBackAsync(connection);
                throw;
            }
        }
        catch (Exception e) when (MySqlErrors.IsOfServer(e))
        {
            throw new PinfoldException(ErrorKind.Unavailable,
                $"Server {server.Name} did not answer its followers: {e.Message}", e)
            { Shard = shard };
        }
    }
}
