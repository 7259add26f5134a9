using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pinfold.Sharding.Topology;

/// <summary>Writes the canonical file. What it writes, <see cref="TopologyFile"/> reads; a test keeps it so.</summary>
static class TopologyJson
{
    static readonly JsonWriterOptions RowOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Laid out by hand, because a server or a range should be one line: a change shows as one line.</summary>
    public static byte[] Write(long version, int shardCount, int nameShardCount, string databasePrefix,
        IEnumerable<ServerSpec> servers, IEnumerable<ShardRange> ranges, CacheSpec cache,
        IReadOnlyDictionary<string, RedisSpec> redis, string? catalog) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""
            {
              "version": {{version}},
              "shardCount": {{shardCount}},
              "nameShards": {{nameShardCount}},
              "databasePrefix": "{{JsonEncodedText.Encode(databasePrefix, RowOptions.Encoder)}}",
              "servers": [
                {{Rows(servers, WriteServer)}}
              ],
              "shards": [
                {{Rows(ranges, WriteRange)}}
              ],
              "cache": {{Rows([cache], WriteCache)}}{{Redis(redis)}}{{Catalog(catalog)}}
            }

            """));

    /// <summary>Nothing where there is none, so that a program that knows of none can read it.</summary>
    static string Redis(IReadOnlyDictionary<string, RedisSpec> redis) => redis.Count == 0 ? ""
        : $",\n  \"redis\": {{\n    {string.Join(",\n    ", redis.OrderBy(role => role.Key, StringComparer.Ordinal)
            .Select(role => $"\"{JsonEncodedText.Encode(role.Key)}\": {Row(role.Value, WriteRedis)}"))}\n  }}";

    static string Catalog(string? server) =>
        server is null ? "" : $",\n  \"catalog\": \"{JsonEncodedText.Encode(server, RowOptions.Encoder)}\"";

    static string Rows<T>(IEnumerable<T> items, Action<Utf8JsonWriter, T> write) =>
        string.Join(",\n    ", items.Select(item => Row(item, write)));

    static string Row<T>(T item, Action<Utf8JsonWriter, T> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var row = new Utf8JsonWriter(buffer, RowOptions))
        {
            row.WriteStartObject();
            write(row, item);
            row.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    static void WriteServer(Utf8JsonWriter row, ServerSpec server)
    {
        row.WriteString("name", server.Name);
        if (server is SqliteServerSpec sqlite)
        {
            row.WriteString("engine", "sqlite");
            row.WriteString("folder", sqlite.Folder);
        }
        else if (server is MySqlServerSpec mysql)
        {
            row.WriteString("engine", "mysql");
            row.WriteString("host", mysql.Address.Host);
            row.WriteNumber("port", mysql.Address.Port);
            row.WriteString("user", mysql.User);
            WritePassword(row, mysql.Password, "passwordEnv", "passwordFile");
            WriteAddresses(row, "replicas", mysql.Replicas);
            row.WriteNumber("maxConnections", mysql.ConnectionsMax);
            row.WriteString("tls", JsonNamingPolicy.CamelCase.ConvertName(mysql.Tls.ToString()));
        }
    }

    static void WriteRange(Utf8JsonWriter row, ShardRange range)
    {
        row.WriteNumber("first", range.First.Value);
        row.WriteNumber("last", range.Last.Value);
        row.WriteString("server", range.Server);
        row.WriteNumber("epoch", range.Epoch);
        row.WriteBoolean("open", range.Open);
        row.WriteNumber("weight", range.Weight);
    }

    static void WriteCache(Utf8JsonWriter row, CacheSpec cache)
    {
        WriteAddresses(row, "memcached", cache.Memcached);
        row.WriteNumber("memoryMiB", cache.MemoryMiB);
    }

    static void WriteRedis(Utf8JsonWriter row, RedisSpec redis)
    {
        if (redis is RedisServerSpec server)
            row.WriteString("server", server.Address.ToString());
        else if (redis is RedisClusterSpec cluster)
            WriteAddresses(row, "cluster", cluster.Nodes);
        else if (redis is RedisSentinelSpec sentinel)
        {
            WriteAddresses(row, "sentinels", sentinel.Sentinels);
            row.WriteString("primary", sentinel.Primary);
            WritePassword(row, sentinel.SentinelPassword, "sentinelPasswordEnv", "sentinelPasswordFile");
        }
        if (redis.User is not null)
            row.WriteString("user", redis.User);
        WritePassword(row, redis.Password, "passwordEnv", "passwordFile");
        row.WriteString("tls", JsonNamingPolicy.CamelCase.ConvertName(redis.Tls.ToString()));
    }

    static void WritePassword(Utf8JsonWriter row, PasswordSource? password, string variableName, string fileName)
    {
        if (password?.EnvironmentVariable is { } variable)
            row.WriteString(variableName, variable);
        if (password?.File is { } file)
            row.WriteString(fileName, file);
    }

    static void WriteAddresses(Utf8JsonWriter row, string name, IReadOnlyList<HostPort> addresses)
    {
        row.WriteStartArray(name);
        foreach (var address in addresses)
            row.WriteStringValue(address.ToString());
        row.WriteEndArray();
    }
}
