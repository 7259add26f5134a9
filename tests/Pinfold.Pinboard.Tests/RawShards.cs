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
    public async Task<List<EntryRow>> EntriesAsync(int firstMapping, int lastMapping)
    {
        var rows = new List<EntryRow>();
        foreach (var shard in Enumerable.Range(0, map.ShardCount).Select(i => new ShardId(i)))
        {
            var (connection, prefix) = await OpenAsync(shard);
            await using (connection)
            {
                await using var command = connection.CreateCommand();
                command.CommandText = $"SELECT mapping,from_id,sequence,to_id,n FROM {prefix}entries "
                    + $"WHERE mapping BETWEEN {firstMapping} AND {lastMapping}";
                await using var reader = await command.ExecuteReaderAsync();
                while (await reader.ReadAsync())
                    rows.Add(new EntryRow(
                        reader.GetInt32(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3),
                        await reader.IsDBNullAsync(4) ? null : reader.GetInt64(4)));
            }
        }
        return rows;
    }

    /// <summary>The entries of a mapping with their bodies.</summary>
    public async Task<List<(long From, long Sequence, byte[] Body)>> BodiesAsync(int mapping)
    {
        var bodies = new List<(long, long, byte[])>();
        foreach (var shard in Enumerable.Range(0, map.ShardCount).Select(i => new ShardId(i)))
        {
            var (connection, prefix) = await OpenAsync(shard);
            await using (connection)
            {
                await using var command = connection.CreateCommand();
                command.CommandText = $"SELECT from_id,sequence,body FROM {prefix}entries "
                    + $"WHERE mapping={mapping} AND to_id>0 AND n IS NULL";
                await using var reader = await command.ExecuteReaderAsync();
                while (await reader.ReadAsync())
                    bodies.Add((reader.GetInt64(0), reader.GetInt64(1), (byte[])reader.GetValue(2)));
            }
        }
        return bodies;
    }

    /// <summary>A row of <c>objects</c>.</summary>
    public readonly record struct ObjectRow(ShardId Shard, long Local, int State, long BodyBytes);

    /// <summary>All objects of a type, also those that are not there any more.</summary>
    public async Task<List<ObjectRow>> ObjectsAsync(int type)
    {
        var rows = new List<ObjectRow>();
        foreach (var shard in Enumerable.Range(0, map.ShardCount).Select(i => new ShardId(i)))
        {
            var (connection, prefix) = await OpenAsync(shard);
            await using (connection)
            {
                await using var command = connection.CreateCommand();
                command.CommandText =
                    $"SELECT local_id,state,COALESCE(LENGTH(body),0) FROM {prefix}objects WHERE type={type}";
                await using var reader = await command.ExecuteReaderAsync();
                while (await reader.ReadAsync())
                    rows.Add(new ObjectRow(shard, reader.GetInt64(0), reader.GetInt32(1), reader.GetInt64(2)));
            }
        }
        return rows;
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
