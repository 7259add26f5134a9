using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pinfold.Sharding.Topology;

/// <summary>Writes the canonical file. What it writes, <see cref="TopologyFile"/> reads; a test keeps it so.</summary>
static class TopologyJson
{
    static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    public static byte[] Write(long version, int shardCount, int nameShardCount, IEnumerable<ServerSpec> servers,
        IEnumerable<ShardRange> ranges, CacheSpec cache)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var options = new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = Encoder };
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            json.WriteStartObject();
            json.WriteNumber("version", version);
            json.WriteNumber("shardCount", shardCount);
            json.WriteNumber("nameShards", nameShardCount);
            WriteRows(json, "servers", servers, WriteServer);
            WriteRows(json, "shards", ranges, WriteRange);
            json.WritePropertyName("cache");
            json.WriteRawValue(Row(row => WriteCache(row, cache)));
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A row is one line, so that a change of one range is a change of one line.</summary>
    static void WriteRows<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
            json.WriteRawValue(Row(row => write(row, item)));
        json.WriteEndArray();
    }

    static string Row(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var row = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = Encoder }))
        {
            row.WriteStartObject();
            write(row);
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
            if (mysql.Password?.EnvironmentVariable is { } variable)
                row.WriteString("passwordEnv", variable);
            if (mysql.Password?.File is { } file)
                row.WriteString("passwordFile", file);
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

    static void WriteAddresses(Utf8JsonWriter row, string name, IReadOnlyList<HostPort> addresses)
    {
        row.WriteStartArray(name);
        foreach (var address in addresses)
            row.WriteStringValue(address.ToString());
        row.WriteEndArray();
    }
}
