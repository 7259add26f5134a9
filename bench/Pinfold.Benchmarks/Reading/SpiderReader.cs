using System.Globalization;
using System.Text.Json;
using MySqlConnector;
using Pinfold.Sharding;
using Pinfold.Testing.Servers;
using Pinfold.Sharding.Topology;

namespace Pinfold.Benchmarks.Reading;

/// <summary>
/// MariaDB's own sharding: a table of the Spider engine on a server in front, a partition per shard, each a table on
/// one of the same two servers; asked by the whole id, so that Spider knows which partitions to ask.
/// </summary>
sealed class SpiderReader(MySqlDataSource source)
{
    public async Task<HandPin?[]> FindManyAsync(ObjectId[] ids)
    {
        var found = new Dictionary<long, HandPin>(ids.Length);
        await using var connection = await source.OpenConnectionAsync();
        await using var command = new MySqlCommand(
            $"SELECT id,version,seq,body FROM front.pins WHERE id IN({string.Join(',', ids.Select(id => id.Value))})",
                connection);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            found[reader.GetInt64(0)] = new HandPin(reader.GetInt64(0),
                JsonSerializer.Deserialize((byte[])reader.GetValue(3), BenchJson.Default.BenchPin)!,
                    reader.GetInt64(1), reader.GetInt64(2));
        return Array.ConvertAll(ids, id => found.GetValueOrDefault(id.Value));
    }

    /// <summary>
    /// Copies every shard's pins, on its own server, into a table keyed by the whole id, and puts Spider in front.
    /// </summary>
    public static async Task<SpiderReader> CreateAsync(
        DatabaseServer front, MySqlDataSource source, DatabaseServer[] servers, int shards)
    {
        const string columns =
            "id BIGINT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, seq BIGINT NOT NULL, body MEDIUMBLOB NOT NULL";
        var perServer = shards / servers.Length;
        var partitions = new List<string>();
        for (var i = 0; i < shards; i++)
        {
            var shard = DatabaseNames.Default.Of(new ShardId(i));
            var first = new ObjectId(new ShardId(i), BenchPin.Type.Number, 1).Value - 1;
            var next = new ObjectId(new ShardId(i + 1), BenchPin.Type.Number, 1).Value - 1;
            await servers[i / perServer].ExecuteAsync(
                $"CREATE TABLE {shard}.spider_pins ({columns}) ENGINE=InnoDB;" +
                $"INSERT INTO {shard}.spider_pins SELECT local_id+{first},version,seq,body FROM {shard}.objects " +
                $"WHERE type={BenchPin.Type.Number} AND state=0");
            partitions.Add(string.Create(CultureInfo.InvariantCulture,
                $"PARTITION p{i} VALUES LESS THAN ({next}) COMMENT='server \"db{i / perServer}\", database " +
                    $"\"{shard}\", table \"spider_pins\"'"));
        }
        for (var i = 0; i < servers.Length; i++)
        {
            var to = new MySqlConnectionStringBuilder(servers[i].ConnectionString);
            await front.ExecuteAsync(
                $"CREATE SERVER db{i} FOREIGN DATA WRAPPER mysql OPTIONS(HOST '127.0.0.1', PORT {to.Port}, USER " +
                    $"'{to.UserID}', PASSWORD '{to.Password}')");
        }
        await front.ExecuteAsync(
            $"CREATE DATABASE front; CREATE TABLE front.pins ({columns}) ENGINE=SPIDER COMMENT='wrapper \"mysql\"' " +
            $"PARTITION BY RANGE(id)({string.Join(',', partitions)})");
        return new SpiderReader(source);
    }
}
