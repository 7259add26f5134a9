using System.Text.Json;
using MySqlConnector;

namespace Pinfold.Benchmarks.Writing;

/// <summary>
/// The same two rows written by hand, with MySqlConnector alone: no fence, no journal, no count; the database hands the
/// number out. A database per shard here too.
/// </summary>
sealed class HandWriter(MySqlDataSource source, int shards)
{
    public async Task CreateTablesAsync()
    {
        await using var connection = await source.OpenConnectionAsync();
        for (var i = 0; i < shards; i++)
        {
            await using var command = new MySqlCommand($"""
                CREATE DATABASE {Database(i)};
                CREATE TABLE {Database(i)}.pins (
                  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, body MEDIUMBLOB NOT NULL) ENGINE=InnoDB;
                CREATE TABLE {Database(i)}.board_has_pins (
                  board_id BIGINT NOT NULL, sequence BIGINT NOT NULL, pin_id BIGINT NOT NULL,
                  PRIMARY KEY (board_id, sequence, pin_id), UNIQUE KEY pair (board_id, pin_id)) ENGINE=InnoDB;
                """, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    /// <summary>All of it in one round trip.</summary>
    public async Task<long> WriteInOneTripAsync(Random random)
    {
        var d = Database(random.Next(shards));
        await using var connection = await source.OpenConnectionAsync();
        await using var command = new MySqlCommand(
            $"START TRANSACTION;INSERT INTO {d}.pins(body)VALUES(@body);" +
            $"INSERT INTO {d}.board_has_pins(board_id,sequence,pin_id)VALUES(1,@sequence,LAST_INSERT_ID());COMMIT",
                connection);
        command.Parameters.AddWithValue(
            "@body", JsonSerializer.SerializeToUtf8Bytes(BenchPin.Sample(random), BenchJson.Default.BenchPin));
        command.Parameters.AddWithValue("@sequence", random.NextInt64(1L << 40));
        await command.ExecuteNonQueryAsync();
        return command.LastInsertedId;
    }

    /// <summary>As most programs do it: four round trips.</summary>
    public async Task<long> WriteStatementByStatementAsync(Random random)
    {
        var d = Database(random.Next(shards));
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var pin = new MySqlCommand($"INSERT INTO {d}.pins(body)VALUES(@body)", connection, transaction);
        pin.Parameters.AddWithValue(
            "@body", JsonSerializer.SerializeToUtf8Bytes(BenchPin.Sample(random), BenchJson.Default.BenchPin));
        await pin.ExecuteNonQueryAsync();
        await using var entry = new MySqlCommand(
            $"INSERT INTO {d}.board_has_pins(board_id,sequence,pin_id)VALUES(1,@sequence,@pin)", connection,
                transaction);
        entry.Parameters.AddWithValue("@sequence", random.NextInt64(1L << 40));
        entry.Parameters.AddWithValue("@pin", pin.LastInsertedId);
        await entry.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        return pin.LastInsertedId;
    }

    public static string Database(int shard) => $"hand{shard:D5}";
}
