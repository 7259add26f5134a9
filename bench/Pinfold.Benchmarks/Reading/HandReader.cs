using System.Globalization;
using System.Text;
using System.Text.Json;
using MySqlConnector;
using Pinfold.Sharding;
using Pinfold.Sharding.Topology;

namespace Pinfold.Benchmarks.Reading;

/// <summary>A pin as read by hand: what Pinfold's <see cref="Stored{T}"/> says too.</summary>
sealed record HandPin(long Id, BenchPin Body, long Version, long Seq);

/// <summary>
/// The same rows read by hand, as someone would who knows MySqlConnector well: pooled connections with the same
/// settings, numbers in the text, bodies decoded with the same source-generated serializer.
/// </summary>
/// <param name="sources">A pool per server.</param>
/// <param name="shardsPerServer">Shard n is on server n / this.</param>
sealed class HandReader(MySqlDataSource[] sources, int shardsPerServer)
{
    public async Task<HandPin?> FindAsync(ObjectId id)
    {
        await using var connection = await sources[ServerOf(id)].OpenConnectionAsync();
        await using var command = new MySqlCommand(
            $"SELECT version,seq,body FROM {Of(id.Shard)}.objects WHERE type=1 AND local_id=@id AND state=0",
            connection);
        command.Parameters.Add(new MySqlParameter("@id", id.Local));
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync()
            ? new HandPin(id.Value, Body(reader, 2), reader.GetInt64(0), reader.GetInt64(1)) : null;
    }

    /// <summary>
    /// As <see cref="FindAsync"/>, with a statement that the server has prepared, on each connection for each shard.
    /// </summary>
    public async Task<HandPin?> FindPreparedAsync(ObjectId id)
    {
        await using var connection = await sources[ServerOf(id)].OpenConnectionAsync();
        await using var command = new MySqlCommand(
            $"SELECT version,seq,body FROM {Of(id.Shard)}.objects WHERE type=1 AND local_id=@id AND state=0",
            connection);
        command.Parameters.Add(new MySqlParameter("@id", id.Local));
        await command.PrepareAsync();
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync()
            ? new HandPin(id.Value, Body(reader, 2), reader.GetInt64(0), reader.GetInt64(1)) : null;
    }

    /// <summary>One query per server, of all its shards, side by side.</summary>
    public async Task<HandPin?[]> FindManyByServerAsync(ObjectId[] ids)
    {
        var found = new Dictionary<long, HandPin>(ids.Length);
        var sorted = (ObjectId[])ids.Clone();
        Array.Sort(sorted);
        var reads = new List<Task>(sources.Length);
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            var server = ServerOf(sorted[start]);
            for (end = start + 1; end < sorted.Length && ServerOf(sorted[end]) == server; end++)
            {
            }
            reads.Add(ReadAsync(server, Union(sorted.AsSpan(start..end)), found));
        }
        await Task.WhenAll(reads);
        return Array.ConvertAll(ids, id => found.GetValueOrDefault(id.Value));
    }

    /// <summary>One query per shard, side by side: how sharded stores are usually read.</summary>
    public async Task<HandPin?[]> FindManyByShardAsync(ObjectId[] ids)
    {
        var found = new Dictionary<long, HandPin>(ids.Length);
        var sorted = (ObjectId[])ids.Clone();
        Array.Sort(sorted);
        var reads = new List<Task>();
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            for (end = start + 1; end < sorted.Length && sorted[end].Shard == sorted[start].Shard; end++)
            {
            }
            reads.Add(ReadAsync(ServerOf(sorted[start]), Union(sorted.AsSpan(start..end)), found));
        }
        await Task.WhenAll(reads);
        return Array.ConvertAll(ids, id => found.GetValueOrDefault(id.Value));
    }

    async Task ReadAsync(int server, string sql, Dictionary<long, HandPin> found)
    {
        await using var connection = await sources[server].OpenConnectionAsync();
        await using var command = new MySqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var id = new ObjectId(new ShardId(reader.GetInt32(0)), BenchPin.Type.Number, reader.GetInt64(1)).Value;
            var pin = new HandPin(id, Body(reader, 4), reader.GetInt64(2), reader.GetInt64(3));
            lock (found)
                found[id] = pin;
        }
    }

    /// <summary>Of ids in ascending order.</summary>
    static string Union(ReadOnlySpan<ObjectId> ids)
    {
        var sql = new StringBuilder(2048);
        for (var i = 0; i < ids.Length; i++)
        {
            if (i > 0 && ids[i].Shard == ids[i - 1].Shard)
                sql.Append(',');
            else
                sql.Append(
                    CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ")AND state=0 UNION ALL ")}{Select(ids[i].Shard)}");
            sql.Append(ids[i].Local);
        }
        return sql.Append(")AND state=0").ToString();
    }

    static string Select(ShardId shard) => string.Create(CultureInfo.InvariantCulture,
        $"SELECT {shard.Value},local_id,version,seq,body FROM {Of(shard)}.objects WHERE type=1 AND local_id IN(");

    int ServerOf(ObjectId id) => id.Shard.Value / shardsPerServer;

    static BenchPin Body(MySqlDataReader reader, int column) =>
        JsonSerializer.Deserialize((byte[])reader.GetValue(column), BenchJson.Default.BenchPin)!;

    static string Of(ShardId shard) => DatabaseNames.Default.Of(shard);
}
