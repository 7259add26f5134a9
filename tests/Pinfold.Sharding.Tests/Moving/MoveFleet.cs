using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using MySqlConnector;
using Pinfold.Sharding.Catalog;
using Pinfold.Sharding.Commits;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Engines.MySql;
using Pinfold.Sharding.Engines.Sqlite;
using Pinfold.Sharding.Moving;
using Pinfold.Sharding.Operations;
using Pinfold.Sharding.Routing;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Telemetry;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Tests.Store;
using Pinfold.Sharding.Topology;
using Pinfold.Testing;
using Pinfold.Testing.Servers;

namespace Pinfold.Sharding.Tests.Moving;

/// <summary>
/// Shards on server <c>a</c>, a server <c>b</c> without any, and a catalog elsewhere; stores, each with a map of its
/// own as another process has it; and operators.
/// </summary>
sealed class MoveFleet : IAsyncDisposable
{
    static readonly Authorship Robin = new("robin", "there is room");

    readonly TempFolder _folder = new("move");
    readonly Dictionary<string, DatabaseServer> _databases = [];
    readonly List<IAsyncDisposable> _processes = [];
    readonly TopologyMap _first;

    MoveFleet(string from, string to, DatabaseServer? a, DatabaseServer? b, int shards)
    {
        if (a is not null)
            _databases["a"] = a;
        if (b is not null)
            _databases["b"] = b;
        _first = TopologyMap.Create(
            1, shards, [Spec("a"), Spec("b"), Spec("c")],
            [new ShardRange(new ShardId(0), new ShardId(shards - 1), "a")],
            databasePrefix: DatabasePrefix.Next(), catalog: "c");
        (From, To) = (from, to);
    }

    public string From { get; }

    public string To { get; }

    public IEnumerable<ShardId> Shards => Enumerable.Range(0, _first.ShardCount).Select(i => new ShardId(i));

    public DatabaseNames Databases => _first.Databases;

    /// <summary>Put before each server that an operator opens; null for nothing.</summary>
    public Func<IShardServer, IShardServer>? Around { get; set; }

    /// <summary>Pairs of engines: the same, and each with another.</summary>
    public static IEnumerable<(string From, string To)> Pairs =>
        TestServers.Engines.Contains("MySQL")
            ? [("SQLite", "SQLite"), ("MariaDB", "MariaDB"), ("SQLite", "MySQL"), ("MySQL", "MariaDB"),
                ("MariaDB", "SQLite")]
            : [("SQLite", "SQLite"), ("MariaDB", "MariaDB"), ("SQLite", "MariaDB"), ("MariaDB", "SQLite")];

    public static async Task<MoveFleet> StartAsync(string from, string to, int shards = 2)
    {
        var fleet = new MoveFleet(from, to, await ServerAsync(from, 0), await ServerAsync(to, 1), shards);
        await using var server = fleet.Open("a");
        foreach (var shard in fleet.Shards)
            await server.CreateShardAsync(shard, 1, default);
        return fleet;
    }

    /// <summary>A store and its map, as of a process of its own.</summary>
    /// <param name="isDeaf">Whether it hears of a newer map only when it asks.</param>
    public ShardedStore NewStore(bool isDeaf = false)
    {
        ITopologySource topology = isDeaf ? new Deaf(NewTopology()) : NewTopology();
        var servers = new ServerSet(
            spec => Task.FromResult(Open(spec.Name)), CommitLimits.Default, TimeProvider.System, new ShardingMetrics());
        var store = new ShardedStore(
            StoreModel.Model, topology, servers, null, TimeProvider.System, StoreLimits.Default);
        _processes.Add(store);
        return store;
    }

    public CatalogTopologySource NewTopology()
    {
        var topology = new CatalogTopologySource(
            _first, null, spec => Task.FromResult(Open(spec.Name)), TimeProvider.System, NullLogger.Instance);
        _processes.Add(topology);
        return topology;
    }

    /// <summary>An operator's process.</summary>
    public (ShardMoves Moves, FleetOperations Operations, ITopologySource Topology) NewOperator()
    {
        var topology = NewTopology();
        Task<IShardServer> OpenAsync(ServerSpec spec) =>
            Task.FromResult(Around is { } around ? around(Open(spec.Name)) : Open(spec.Name));
        var home = new CatalogHome(spec => Task.FromResult(Open(spec.Name)));
        _processes.Add(home);
        return (new ShardMoves(topology, OpenAsync),
            new FleetOperations(topology, home,
                [new MoveKind(OpenAsync, topology, TimeProvider.System), new CleanupKind(OpenAsync, topology)],
                TimeProvider.System),
            topology);
    }

    /// <summary>Moves all shards, or these, there.</summary>
    public async Task<OperationStatus> MoveAsync(string to, params ShardId[] shards)
    {
        var (moves, operations, _) = NewOperator();
        var plan = await moves.PlanMoveAsync(shards is [] ? [.. Shards] : shards, to, new MoveOptions());
        return await operations.RunAsync(await operations.BeginAsync(plan, Robin));
    }

    public async Task<string> BeginAsync(FleetOperations operations, OperationPlan plan) =>
        await operations.BeginAsync(plan, Robin);

    public async Task<OperationStatus> MoveBackAsync(params ShardId[] shards)
    {
        var (moves, operations, _) = NewOperator();
        var plan = await moves.PlanBackAsync(shards is [] ? [.. Shards] : shards, new MoveOptions());
        return await operations.RunAsync(await operations.BeginAsync(plan, Robin));
    }

    public async Task<OperationStatus> CleanUpAsync()
    {
        var (moves, operations, _) = NewOperator();
        var plan = await moves.PlanCleanupAsync([.. Shards]);
        return await operations.RunAsync(await operations.BeginAsync(plan, Robin));
    }

    public IShardServer Open(string name) => name switch
    {
        _ when _databases.TryGetValue(name, out var database) => new MySqlShardServer(
            name, new MySqlConnectionStringBuilder(database.ConnectionString), TimeSpan.FromSeconds(20), Databases),
        _ => new SqliteShardServer(name, _folder[name], TimeSpan.FromSeconds(20)),
    };

    /// <summary>Runs SQL of the test's own; a text per value, bytes in hexadecimal.</summary>
    public async Task<List<string[]>> SqlAsync(string server, ShardId shard, string sql)
    {
        await using DbConnection connection = _databases.TryGetValue(server, out var database)
            ? new MySqlConnection(database.ConnectionStringTo(Databases.Of(shard)) + ";Pooling=False")
            : new SqliteConnection($"Data Source={PathOf(server, shard)};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = database is null ? sql : ShardRowSql.OnServer(sql, shard, Databases);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string[]>();
        while (await reader.ReadAsync())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i) is byte[] bytes
                ? Convert.ToHexString(bytes) : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture)!)]);
        return rows;
    }

    public string ConnectionString(string server) => _databases[server].ConnectionString + ";Pooling=False";

    /// <summary>Whether a server has anything of a shard.</summary>
    public async Task<bool> HasAnythingAsync(string server, ShardId shard)
    {
        if (!_databases.TryGetValue(server, out var database))
            return File.Exists(PathOf(server, shard));
        await using var connection = new MySqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText =
            $"SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME='{Databases.Of(shard)}'";
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture) > 0;
    }

    /// <summary>All that a shard's tables have, as plain SQL gives it, so that engines compare.</summary>
    public async Task<string> DumpAsync(string server, ShardId shard, bool hasLeft = false)
    {
        var text = new List<string>();
        foreach (var (table, columns) in ((string, string)[])[
            ("objects", "type,local_id,version,seq,state,body"), ("journal", "seq,tx,at,local_base,entries"),
            ("entries", "mapping,from_id,to_id,sequence,n,body"),
            ("names", "kind,name,owner_id,owner_shard,owner_tx,at")])
            foreach (var row in await SqlAsync(
                server, shard, $"SELECT {columns} FROM {(hasLeft ? "left_" : "")}{table} ORDER BY 1,2,3"))
                text.Add($"{table}: {string.Join('|', row)}");
        return string.Join('\n', text);
    }

    public async Task AuditAsync(string server)
    {
        foreach (var shard in Shards)
            await ShardAudit.CheckAsync(shard, sql => SqlAsync(server, shard, sql));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(_processes))
            await process.DisposeAsync();
        foreach (var database in _databases.Values)
            foreach (var shard in Shards)
                await database.ExecuteAsync($"DROP DATABASE IF EXISTS {Databases.Of(shard)}");
        _folder.Dispose();
    }

    sealed class Deaf(ITopologySource inner) : ITopologySource
    {
        public TopologyMap Current { get; private set; } = inner.Current;

        public event Action<TopologyChange>? Changed
        {
            add => inner.Changed += value;
            remove => inner.Changed -= value;
        }

        public async ValueTask<TopologyMap> RefreshAsync(CancellationToken cancellation) =>
            Current = await inner.RefreshAsync(cancellation);
    }

    string PathOf(string server, ShardId shard) => Path.Combine(_folder[server], SqliteFiles.NameOf(shard));

    ServerSpec Spec(string name) => _databases.TryGetValue(name, out var database)
        ? new MySqlServerSpec(name, new HostPort("127.0.0.1", database.Port), "pinfold")
        : new SqliteServerSpec(name, _folder[name]);

    static async Task<DatabaseServer?> ServerAsync(string engine, int number) => engine switch
    {
        TestShards.Sqlite => null,
        "MariaDB" => await TestServers.MariaDbAsync(number),
        _ => await TestServers.EngineAsync(engine),
    };
}

/// <summary>Runs a theory on every pair of engines.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class EveryPairAttribute : Xunit.v3.DataAttribute
{
    public override ValueTask<IReadOnlyCollection<Xunit.ITheoryDataRow>> GetData(
        System.Reflection.MethodInfo testMethod, Xunit.Sdk.DisposalTracker disposalTracker) =>
        new([.. MoveFleet.Pairs.Select(pair => new Xunit.TheoryDataRow<string, string>(pair.From, pair.To))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
