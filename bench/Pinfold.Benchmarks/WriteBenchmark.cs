using System.Text.Json;
using MySqlConnector;
using Pinfold.Sharding;
using Pinfold.Testing.Servers;

namespace Pinfold.Benchmarks;

/// <summary>
/// A fenced, journalled write of a pin and its entry on a board, against a transaction of the two inserts written by hand;
/// 16 writers over 64 shards of one server.
/// </summary>
static class WriteBenchmark
{
    const int Shards = 64;

    public static async Task RunAsync(string engine, int lanes, TimeSpan slice, int rounds)
    {
        await using DatabaseServer server = engine == "mysql" ? await MySqlServer.StartAsync() : await MariaDbServer.StartAsync(new() { IsDurable = Environment.GetEnvironmentVariable("BENCH_DURABLE") != "no", BufferPoolMegabytes = 512, Arguments = ["--table-definition-cache=8000", "--table-open-cache=8000"] });
        await using var store = await BenchStore.OpenAsync(BenchModel.Sharding, Shards, lanes, server);
        var boards = new ObjectId<BenchBoard>[Shards];
        for (var i = 0; i < Shards; i++)
        {
            var transaction = store.Begin(new ShardId(i));
            var board = transaction.Create(new BenchBoard("Sea"));
            await transaction.CommitAsync();
            boards[i] = board.Id;
        }
        await using var hand = new MySqlDataSource(BenchStore.Connection(server).ConnectionString);
        await CreateHandTablesAsync(hand);
        await new Contest($"write of pin + entry, {Shards} shards of one {engine}, {lanes} lanes", 16, rounds, slice).RunAsync(
            new("Pinfold: fenced, journalled, counted", random => PinfoldAsync(store, boards, random)),
            new("by hand: two inserts, one batch", random => HandBatchAsync(hand, random)),
            new("by hand: two inserts, a statement a trip", random => HandStatementsAsync(hand, random)));
    }

    static async Task PinfoldAsync(ShardedStore store, ObjectId<BenchBoard>[] boards, Random random)
    {
        var board = boards[random.Next(Shards)];
        var transaction = store.Begin(board.Shard);
        var pin = transaction.Create(BenchPin.Sample(random));
        transaction.Put(BenchModel.BoardHasPins, board, pin, random.NextInt64(1L << 40));
        await transaction.CommitAsync();
    }

    static async Task HandBatchAsync(MySqlDataSource source, Random random)
    {
        var d = $"hand{random.Next(Shards):D5}";
        await using var connection = await source.OpenConnectionAsync();
        await using var command = new MySqlCommand(
            $"START TRANSACTION;INSERT INTO {d}.pins(body)VALUES(@body);" +
            $"INSERT INTO {d}.board_has_pins(board_id,sequence,pin_id)VALUES(@board,@sequence,LAST_INSERT_ID());COMMIT", connection);
        command.Parameters.AddWithValue("@body", JsonSerializer.SerializeToUtf8Bytes(BenchPin.Sample(random), BenchJson.Default.BenchPin));
        command.Parameters.AddWithValue("@board", 1L);
        command.Parameters.AddWithValue("@sequence", random.NextInt64(1L << 40));
        await command.ExecuteNonQueryAsync();
    }

    static async Task HandStatementsAsync(MySqlDataSource source, Random random)
    {
        var d = $"hand{random.Next(Shards):D5}";
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var pin = new MySqlCommand($"INSERT INTO {d}.pins(body)VALUES(@body)", connection, transaction);
        pin.Parameters.AddWithValue("@body", JsonSerializer.SerializeToUtf8Bytes(BenchPin.Sample(random), BenchJson.Default.BenchPin));
        await pin.ExecuteNonQueryAsync();
        await using var entry = new MySqlCommand(
            $"INSERT INTO {d}.board_has_pins(board_id,sequence,pin_id)VALUES(@board,@sequence,@pin)", connection, transaction);
        entry.Parameters.AddWithValue("@board", 1L);
        entry.Parameters.AddWithValue("@sequence", random.NextInt64(1L << 40));
        entry.Parameters.AddWithValue("@pin", pin.LastInsertedId);
        await entry.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    static async Task CreateHandTablesAsync(MySqlDataSource source)
    {
        await using var connection = await source.OpenConnectionAsync();
        for (var i = 0; i < Shards; i++)
        {
            await using var command = new MySqlCommand($"""
                CREATE DATABASE hand{i:D5};
                CREATE TABLE hand{i:D5}.pins (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, body MEDIUMBLOB NOT NULL) ENGINE=InnoDB;
                CREATE TABLE hand{i:D5}.board_has_pins (board_id BIGINT NOT NULL, sequence BIGINT NOT NULL, pin_id BIGINT NOT NULL,
                  PRIMARY KEY (board_id, sequence, pin_id), UNIQUE KEY pair (board_id, pin_id)) ENGINE=InnoDB;
                """, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
