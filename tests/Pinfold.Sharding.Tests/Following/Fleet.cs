using System.Data.Common;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using Pinfold.Sharding.Caching;
using Pinfold.Sharding.Commits;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Engines.MySql;
using Pinfold.Sharding.Engines.Sqlite;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Routing;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Telemetry;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Topology;
using Pinfold.Testing;
using Pinfold.Testing.Proxy;
using Pinfold.Testing.Servers;
using static Pinfold.Sharding.Tests.Engines.StorageModel;

namespace Pinfold.Sharding.Tests.Following;

/// <summary>
/// An installation of its own on servers that it shares with others (two MariaDB, one MySQL), or in a folder of SQLite
/// files; and any number of stores and hosts, each of which is as good as a process.
/// </summary>
sealed class Fleet : IAsyncDisposable
{
    public static readonly NameKind UserName = new(1, "user name");

    static readonly ShardingModel Model = new([Pin.Type, Board.Type], [BoardHasPins, BoardFollowsBoards], [UserName]);

    readonly List<IAsyncDisposable> _processes = [];
    readonly TempFolder? _folder;
    readonly Dictionary<string, string> _connections;

    Fleet(TopologyMap map, TempFolder? folder, Dictionary<string, string> connections)
    {
        Topology = new FixedTopologySource(map);
        (_folder, _connections) = (folder, connections);
    }

    public FixedTopologySource Topology { get; }

    public DatabaseNames Databases => Topology.Current.Databases;

    public IEnumerable<ShardId> Shards => Enumerable.Range(0, Topology.Current.ShardCount).Select(i => new ShardId(i));

    /// <summary>Stands before the first server of a fleet that was started so.</summary>
    public CuttingProxy? Proxy { get; private init; }

    public static async Task<Fleet> StartAsync(string engine, int shards = 4, bool hasProxy = false)
    {
        var fleet = engine == TestShards.Sqlite ? StartSqlite(shards)
            : await StartServersAsync(engine, shards, hasProxy);
        var store = fleet.NewStore();
        await Parallel.ForEachAsync(fleet.Shards, new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (shard, token) => await (await store.Servers.GetAsync(fleet.Topology.Current.Shard(shard).Server))
                .Server.CreateShardAsync(shard, 1, token));
        return fleet;
    }

    /// <param name="time">The clock of its followers; null for the system's.</param>
    /// <param name="cache">Null for none.</param>
    /// <param name="around">Puts something before each server; null for nothing.</param>
    /// <param name="model">Null for one without reverse mappings.</param>
    public ShardedStore NewStore(
        TimeProvider? time = null, ICache? cache = null, Func<IShardServer, IShardServer>? around = null,
        ShardingModel? model = null)
    {
        var metrics = new ShardingMetrics();
        var clock = time ?? TimeProvider.System;
        // Commits wait by the real clock, even where followers wait by a faked one.
        var servers =
            new ServerSet(spec => Task.FromResult(around is null ? Open(spec) : around(Open(spec))),
                CommitLimits.Default, TimeProvider.System, metrics);
        var store = new ShardedStore(model ?? Model, Topology, servers, cache, clock, StoreLimits.Default);
        _processes.Add(store);
        return store;
    }

    /// <summary>A started host on a store of its own, unless one is given.</summary>
    public async Task<FollowerHost> StartHostAsync(
        FollowerOptions options, IFollower[] followers, ShardedStore? store = null)
    {
        var host = new FollowerHost(store ?? NewStore(), followers, options);
        _processes.Add(host);
        await host.StartAsync();
        return host;
    }

    public async Task<ICoordination> CoordinationAsync(ShardedStore store, ShardId shard) =>
        (await store.Servers.GetAsync(Topology.Current.Shard(shard).Server)).Server.Coordination;

    public async Task<ICursors> CursorsAsync(ShardedStore store, ShardId shard) =>
        (await store.Servers.GetAsync(Topology.Current.Shard(shard).Server)).Server.Cursors;

    public async Task<long> CursorAsync(ShardedStore store, ShardId shard, string follower) =>
        (await (await CursorsAsync(store, shard)).ReadCursorsAsync([shard], CancellationToken.None))
            .FirstOrDefault(c => c.Follower == follower).Seq;

    public static async Task<Commit> WriteAsync(ShardedStore store, ShardId shard, string title = "Quince")
    {
        var transaction = store.Begin(shard);
        transaction.Create(new Pin(title));
        return await transaction.CommitAsync();
    }

    /// <summary>
    /// Runs SQL of the test's own behind the library's back; a text per value, bytes in hexadecimal.
    /// </summary>
    public async Task<List<string[]>> SqlAsync(ShardId shard, string sql)
    {
        await using DbConnection connection = _folder is not null
            ? new SqliteConnection($"Data Source={_folder[SqliteFiles.NameOf(shard)]};Pooling=False")
            : new MySqlConnection(_connections[Topology.Current.Shard(shard).Server.Name] + ";Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = _folder is not null ? sql
            : $"USE {Databases.Of(shard)};{ShardRowSql.OnServer(sql, shard, Databases)}";
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string[]>();
        while (await reader.ReadAsync())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i) is byte[] bytes
                ? Convert.ToHexString(bytes) : $"{reader.GetValue(i)}")]);
        return rows;
    }

    /// <summary>A session of the test's own on the shard's server; no SQLite.</summary>
    public async Task<OtherSession> ConnectAsync(ShardId shard) =>
        await OtherSession.OpenAsync(_connections[Topology.Current.Shard(shard).Server.Name]);

    /// <summary>As if somebody had removed the shard's file; SQLite only.</summary>
    public void DeleteFile(ShardId shard)
    {
        foreach (var file in Directory.GetFiles(_folder!.Path, SqliteFiles.NameOf(shard) + "*"))
            File.Delete(file);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(_processes))
            await process.DisposeAsync();
        if (Proxy is not null)
            await Proxy.DisposeAsync();
        _folder?.Dispose();
    }

    IShardServer Open(ServerSpec spec) => spec switch
    {
        SqliteServerSpec sqlite => new SqliteShardServer(sqlite.Name, sqlite.Folder, TimeSpan.FromSeconds(20)),
        _ => new MySqlShardServer(
            spec.Name, new MySqlConnectionStringBuilder(_connections[spec.Name]), TimeSpan.FromSeconds(20),
            Databases),
    };

    static Fleet StartSqlite(int shards)
    {
        var folder = new TempFolder("followers");
        return new Fleet(TopologyMap.Embedded(folder.Path, shards), folder, []);
    }

    static async Task<Fleet> StartServersAsync(string engine, int shards, bool hasProxy)
    {
        DatabaseServer[] servers = engine == "MySQL"
            ? [await TestServers.MySqlAsync()]
            : [await TestServers.MariaDbAsync(0), await TestServers.MariaDbAsync(1)];
        var proxy = hasProxy ? await CuttingProxy.StartAsync(servers[0].Port) : null;
        var names = servers.Select((_, i) => $"{(char)('a' + i)}").ToArray();
        var each = shards / servers.Length;
        return new Fleet(
            TopologyMap.Create(1, shards,
                names.Zip(servers, (name, server) =>
                    new MySqlServerSpec(name, new HostPort("127.0.0.1", server.Port), "pinfold")),
                names.Select((name, i) => new ShardRange(
                    new ShardId(i * each), new ShardId(i == names.Length - 1 ? shards - 1 : (i + 1) * each - 1),
                    name)),
                databasePrefix: DatabasePrefix.Next()),
            folder: null,
            names.Select((name, i) => (name, proxy is not null && i == 0
                    ? proxy.Through(servers[i].ConnectionString) : servers[i].ConnectionString))
                .ToDictionary(pair => pair.name, pair => pair.Item2))
        { Proxy = proxy };
    }
}
