using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Provisioning;

/// <summary>Whether a server is set for as many shards as the topology gives it.</summary>
/// <param name="Server">Its name in the topology.</param>
/// <param name="Shards">How many shards it has by the topology.</param>
/// <param name="TooSmall">
/// A sentence for each setting that is too small, which says what it is and what the shards need: below that the server
/// closes one table to open another.
/// </param>
/// <param name="Problem">Why it could not be asked, or null.</param>
public sealed record ServerRoom(string Server, int Shards, IReadOnlyList<string> TooSmall, string? Problem);

/// <summary>Asks servers for what they are set to.</summary>
public sealed class ServerRoomReader(ShardedStore store)
{
    /// <summary>
    /// The MySQL and MariaDB servers that have shards, in the order of the topology, made or not; a round trip to each.
    /// </summary>
    public async Task<IReadOnlyList<ServerRoom>> ReadAsync(CancellationToken cancellation = default)
    {
        var map = store.Topology;
        return await Task.WhenAll(map.Servers.OfType<MySqlServerSpec>()
            .Select(server => ReadAsync(server, map.ShardsOn(server.Name), cancellation)));
    }

    async Task<ServerRoom> ReadAsync(
        MySqlServerSpec server, IReadOnlyList<ShardId> shards, CancellationToken cancellation)
    {
        if (shards.Count == 0)
            return new ServerRoom(server.Name, 0, [], null);
        var read = new ServerLimitsRead(shards[0]);
        try
        {
            await store.Servers.ReadAsync(server, [read], cancellation);
            return new ServerRoom(server.Name, shards.Count, TooSmall(read.Limits, shards.Count), null);
        }
        catch (PinfoldException e)
        {
            return new ServerRoom(server.Name, shards.Count, [], e.Message);
        }
    }

    /// <summary>What of it is too small, a sentence each.</summary>
    internal static IReadOnlyList<string> TooSmall(ServerLimits? limits, int shards)
    {
        if (limits is null)
            return [];
        const int tablesToAShard = 4, serversOwn = 16;
        var tables = (long)tablesToAShard * shards + serversOwn;
        (string Name, long Has, long Needs)[] settings =
        [
            ("table_open_cache", limits.TableOpenCache, tables),
            ("table_definition_cache", limits.TableDefinitionCache, tables),
            ("innodb_open_files", limits.InnodbOpenFiles, tables),
            ("open_files_limit", limits.OpenFilesLimit, tables + limits.MaxConnections),
        ];
        return [.. settings.Where(s => s.Has < s.Needs).Select(s =>
            $"{s.Name} is {s.Has}, and {shards} shards need {s.Needs}: raise it by {s.Needs - s.Has}")];
    }
}
