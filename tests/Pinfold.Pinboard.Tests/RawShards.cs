using System.Data.Common;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using Pinfold.Sharding;
using Pinfold.Sharding.Topology;

namespace Pinfold.Pinboard.Tests;

/// <summary>The tables of all shards, read and changed with SQL alone: nothing here knows what they mean.</summary>
sealed class RawShards(TopologyMap map)
{
    /// <summary>A row of <c>entries</c>.</summary>
    public readonly record struct EntryRow(int Mapping, long From, long Sequence, long To, long? N);

    /// <summary>All rows of these mappings.</summary>
    public Task<List<EntryRow>> EntriesAsync(int firstMapping, int lastMapping) => ReadAsync(
        "mapping,from_id,sequence,to_id,n", "entries", $"mapping BETWEEN {firstMapping} AND {lastMapping}",
        (_, row) => new EntryRow(
            row.GetInt32(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3),
            row.IsDBNull(4) ? null : row.GetInt64(4)));

    /// <summary>The entries of a mapping with their bodies.</summary>
    public Task<List<(long From, long Sequence, byte[] Body)>> BodiesAsync(int mapping) => ReadAsync(
        "from_id,sequence,body", "entries", $"mapping={mapping} AND to_id>0 AND n IS NULL",
        (_, row) => (row.GetInt64(0), row.GetInt64(1), (byte[])row.GetValue(2)));

    /// <summary>A row of <c>objects</c>.</summary>
    public readonly record struct ObjectRow(ShardId Shard, long Local, int State, long BodyBytes);

    /// <summary>All objects of a type, also those that are not there any more.</summary>
    public Task<List<ObjectRow>> ObjectsAsync(int type) => ReadAsync(
        "local_id,state,COALESCE(LENGTH(body),0)", "objects", $"type={type}",
        (shard, row) => new ObjectRow(shard, row.GetInt64(0), row.GetInt32(1), row.GetInt64(2)));

    /// <summary>The objects of a type that are there, with their bodies.</summary>
    public Task<List<(long Id, byte[] Body)>> LiveBodiesAsync(int type) => ReadAsync(
        "local_id,body", "objects", $"type={type} AND state=0",
        (shard, row) => (new ObjectId(shard, type, row.GetInt64(0)).Value, (byte[])row.GetValue(1)));

    /// <summary>Leaves the last row of a shard's journal alone.</summary>
    public async Task TrimAsync(ShardId shard)
    {
        var (connection, prefix) = await OpenAsync(shard);
        await using (connection)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"DELETE FROM {prefix}journal WHERE seq<"
                + $"(SELECT last FROM(SELECT MAX(seq) last FROM {prefix}journal)newest)";
            await command.ExecuteNonQueryAsync();
        }
    }

    /// <summary>Puts a follower's cursor back by so much on a shard, as far as it goes.</summary>
    public async Task RewindAsync(ShardId shard, string follower, int by)
    {
        var (connection, _) = await OpenAsync(shard);
        await using (connection)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = map.Shard(shard).Server is MySqlServerSpec { Databases: var names }
                ? $"UPDATE {names.Server}.cursors SET seq=GREATEST(0,seq-{by}) "
                    + $"WHERE shard={shard.Value} AND follower='{follower}'"
                : $"UPDATE cursors SET seq=MAX(0,seq-{by}) WHERE follower='{follower}'";
            await command.ExecuteNonQueryAsync();
        }
    }

    async Task<List<T>> ReadAsync<T>(
        string columns, string table, string condition, Func<ShardId, DbDataReader, T> toRow)
    {
        var rows = new List<T>();
        foreach (var shard in Enumerable.Range(0, map.ShardCount).Select(i => new ShardId(i)))
        {
            var (connection, prefix) = await OpenAsync(shard);
            await using (connection)
            {
                await using var command = connection.CreateCommand();
                command.CommandText = $"SELECT {columns} FROM {prefix}{table} WHERE {condition}";
                await using var reader = await command.ExecuteReaderAsync();
                while (await reader.ReadAsync())
                    rows.Add(toRow(shard, reader));
            }
        }
        return rows;
    }

    async Task<(DbConnection Connection, string Prefix)> OpenAsync(ShardId shard)
    {
        (DbConnection, string) opened = map.Shard(shard).Server switch
        {
            MySqlServerSpec server => (new MySqlConnection(new MySqlConnectionStringBuilder
            {
                Server = server.Address.Host,
                Port = (uint)server.Address.Port,
                UserID = server.User,
                Password = server.Password is { } password ? await password.ReadAsync(default) : "",
            }.ConnectionString), $"{server.Databases.Of(shard)}."),
            SqliteServerSpec server => (new SqliteConnection(
                $"Data Source={Path.Combine(server.Folder, $"pinfold{shard.Value:D5}.db")};Pooling=False"), ""),
            var other => throw new NotSupportedException($"{other.Name} is of no engine that is known here."),
        };
        await opened.Item1.OpenAsync();
        return opened;
    }
}
