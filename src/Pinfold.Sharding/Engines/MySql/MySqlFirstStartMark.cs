using System.Globalization;
using MySqlConnector;

namespace Pinfold.Sharding.Engines.MySql;

/// <summary>A row of a table in the server-wide database.</summary>
sealed class MySqlFirstStartMark(MySqlShardServer server) : IFirstStartMark
{
    string Table => $"{server.Databases.Server}.first_start";

    public async ValueTask<FirstStart?> FindAsync(CancellationToken cancellation)
    {
        var batch = new MySqlBatch();
        batch.Sql.Append(CultureInfo.InvariantCulture, $"SELECT shard_count,begun_at FROM {Table}");
        try
        {
            var rows = await server.QueryAsync(batch, null,
                row => new FirstStart(row.GetInt32(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1))),
                cancellation);
            return rows.FirstOrDefault();
        }
        catch (PinfoldException e) when (e.InnerException is MySqlException
        { ErrorCode: MySqlErrorCode.NoSuchTable or MySqlErrorCode.UnknownDatabase })
        {
            return null;
        }
    }

    public async ValueTask LeaveAsync(FirstStart start, CancellationToken cancellation)
    {
        var batch = new MySqlBatch();
        batch.Sql.Append(CultureInfo.InvariantCulture, $"""
            CREATE DATABASE IF NOT EXISTS {server.Databases.Server} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
            CREATE TABLE IF NOT EXISTS {Table} (
              one TINYINT NOT NULL PRIMARY KEY COMMENT '1; a row stands while shards are made for the first time',
              shard_count INT NOT NULL,
              begun_at BIGINT NOT NULL COMMENT 'ms since 1970 by the clock of who began') ENGINE=InnoDB;
            INSERT IGNORE INTO {Table} VALUES (1,{start.ShardCount},{start.BegunAt.ToUnixTimeMilliseconds()})
            """);
        await server.ExecuteAsync(batch, null, cancellation);
    }

    public async ValueTask RemoveAsync(CancellationToken cancellation)
    {
        var batch = new MySqlBatch();
        batch.Sql.Append(CultureInfo.InvariantCulture, $"DELETE FROM {Table}");
        await server.ExecuteAsync(batch, null, cancellation);
    }
}
