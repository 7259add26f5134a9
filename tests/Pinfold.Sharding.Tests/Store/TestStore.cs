using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using Pinfold.Sharding.Caching;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Engines.MySql;
using Pinfold.Sharding.Engines.Sqlite;
using Pinfold.Sharding.Names;
using Pinfold.Sharding.Routing;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Telemetry;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Topology;
using Pinfold.Testing;
using Pinfold.Testing.Proxy;
using Pinfold.Testing.Servers;
using NameRegistry = Pinfold.Sharding.Names.NameRegistry;

namespace Pinfold.Sharding.Tests.Store;

/// <summary>
/// A store over new shards of real servers, each behind a proxy; and what a test does behind its back.
/// </summary>
sealed class TestStore : IAsyncDisposable
{
    // Shards of tests that run at the same time are databases of one server, and are left to it: dropping takes long.
    static readonly StrongBox<int> Next = new(50_000);

    readonly TestStoreOptions _options;
    readonly TempFolder? _folder;
    readonly DatabaseServer[] _databases;
    readonly List<ShardedStore> _stores = [];
    readonly Dictionary<ShardId, (int Server, long Epoch)> _places = [];
    long _version;

    TestStore(string engine, TestStoreOptions options, DatabaseServer[] databases, CuttingProxy[] proxies)
    {
        _options = options;
        _databases = databases;
        Proxies = proxies;
        if (engine == TestShards.Sqlite)
            _folder = new TempFolder("store");
        var last = Interlocked.Add(ref Next.Value, options.Shards);
        Shards = [.. Enumerable.Range(last - options.Shards, options.Shards).Select(i => new ShardId(i))];
        for (var i = 0; i < Shards.Count; i++)
            _places.Add(Shards[i], (i * options.Servers / Shards.Count, 1));
        Source = new FixedTopologySource(NextMap());
        Store = OpenAnother(options.Cache);
    }

    public ShardedStore Store { get; }

    public FixedTopologySource Source { get; }

    public IReadOnlyList<ShardId> Shards { get; }

    public ShardId Shard => Shards[0];

    /// <summary>One before each server; none before SQLite's folder.</summary>
    public IReadOnlyList<CuttingProxy> Proxies { get; }

    public CuttingProxy Proxy => Proxies[0];

    public static async Task<TestStore> StartAsync(string engine, TestStoreOptions? options = null)
    {
        options ??= new();
        var databases = new List<DatabaseServer>();
        if (engine != TestShards.Sqlite)
            for (var i = 0; i < options.Servers; i++)
                databases.Add(i > 0 ? await TestServers.MariaDbAsync(1)
                    : options.OwnServer ?? await TestServers.EngineAsync(engine));
        var proxies = await Task.WhenAll(databases.Select(database => CuttingProxy.StartAsync(database.Port)));
        var test = new TestStore(engine, options, [.. databases], proxies);
        await Parallel.ForEachAsync(test.Shards, new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (shard, token) => await (await test.ServerAsync(shard)).Server.CreateShardAsync(shard, 1, token));
        return test;
    }

    /// <summary>Another store over the same shards, as of another process: its own pools, queues and cache.</summary>
    public ShardedStore OpenAnother(ICache? cache)
    {
        var servers = new ServerSet(OpenAsync, _options.Commits, _options.Time, new ShardingMetrics());
        var store = new ShardedStore(StoreModel.Model, Source, servers, cache, _options.Time, _options.Limits);
        _stores.Add(store);
        return store;
    }

    /// <summary>The server that has the shard, and this store's queues for it.</summary>
    public ValueTask<ServerSet.ServerParts> ServerAsync(ShardId shard) =>
        Store.Servers.GetAsync(Source.Current.Shard(shard).Server);

    /// <summary>Tells the store that the shard is on another server, or of another epoch.</summary>
    public void Publish(ShardId shard, long epoch, int server = 0)
    {
        _places[shard] = (server, epoch);
        Source.Publish(NextMap());
    }

    /// <summary>A name that is kept on one of these shards.</summary>
    public string NewName(ShardId? on = null)
    {
        while (true)
        {
            var name = $"n{Guid.NewGuid():N}";
            var shard = Store.Names.NameShard(StoreModel.Handles, NameRegistry.Key(StoreModel.Handles, name));
            if (on is { } wanted ? shard == wanted : _places.ContainsKey(shard))
                return name;
        }
    }

    /// <summary>
    /// Keeps every writer of the shard waiting until disposed: the lock that each takes first is taken, or that on the
    /// rows of another table.
    /// </summary>
    public async Task<IAsyncDisposable> HoldAsync(ShardId shard, string table = "shard")
    {
        var connection = Connection(shard, ";Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = _folder is not null ? "BEGIN IMMEDIATE"
            : $"USE {DatabaseNames.Default.Of(shard)};START TRANSACTION;" +
                $"{ShardRowSql.OnServer($"SELECT * FROM {table}", shard, DatabaseNames.Default)} FOR UPDATE";
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    /// <summary>
    /// Waits until every write to the shard's server is under way, so that what comes now waits behind it.
    /// </summary>
    public async Task AllUnderWayAsync(ShardId shard)
    {
        var commits = (await ServerAsync(shard)).Commits;
        await Eventually.HoldsAsync(() => commits.WaitingCount == 0);
    }

    /// <summary>Waits until a write to the shard waits for a lock, in MySQL or MariaDB.</summary>
    public async Task WaitsForLockAsync(ShardId shard)
    {
        // Who looks more often than ten times a second is shown what was there the first time.
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(150));
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while ((await SqlAsync(shard, "SELECT 1 FROM information_schema.innodb_trx WHERE trx_state='LOCK WAIT' "
            + $"AND(INSTR(trx_query,'{DatabaseNames.Default.Of(shard)}')OR INSTR(trx_query,'WHERE id={shard}'))"))
            .Count == 0)
            await looks.WaitForNextTickAsync(limit.Token);
    }

    /// <summary>Runs SQL of the test's own; what it returns, a text per row, bytes in hexadecimal.</summary>
    public async Task<List<string[]>> SqlAsync(ShardId shard, string sql)
    {
        await using var connection = Connection(shard);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = _folder is not null ? sql
            : $"USE {DatabaseNames.Default.Of(shard)};{ShardRowSql.OnServer(sql, shard, DatabaseNames.Default)}";
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string[]>();
        while (await reader.ReadAsync())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i =>
                reader.GetValue(i) is byte[] bytes ? Convert.ToHexString(bytes) : $"{reader.GetValue(i)}")]);
        return rows;
    }

    /// <summary>Where the journal has a transaction; empty when it does not.</summary>
    public async Task<List<long>> SeqsOfAsync(ShardId shard, TransactionId transaction) =>
        (await SqlAsync(shard, $"SELECT seq FROM journal WHERE tx=x'{transaction.Value:N}'"))
            .ConvertAll(r => long.Parse(r[0]));

    /// <summary>Throws unless journal, tables and counts of every shard say the same.</summary>
    public async Task AuditAsync()
    {
        foreach (var shard in Shards)
            await ShardAudit.CheckAsync(shard, sql => SqlAsync(shard, sql));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
            await store.DisposeAsync();
        foreach (var proxy in Proxies)
            await proxy.DisposeAsync();
        _folder?.Dispose();
    }

    DbConnection Connection(ShardId shard, string more = "") => _folder is not null
        ? new SqliteConnection($"Data Source={_folder[SqliteFiles.NameOf(shard)]};Pooling=False")
        : new MySqlConnection(_databases[_places[shard].Server].ConnectionString + more);

    // All shards up to the first of the test's own are on a server that nobody asks.
    TopologyMap NextMap()
    {
        ServerSpec[] specs = _folder is not null
            ? [new SqliteServerSpec("s0", _folder.Path)]
            : [.. Proxies.Select((p, i) => new MySqlServerSpec($"s{i}", new HostPort("127.0.0.1", p.Port), "pinfold"))];
        return TopologyMap.Create(++_version, Shards[^1].Value + 1,
            [.. specs, new SqliteServerSpec("nowhere", "/nonexistent")],
            [
                new ShardRange(new ShardId(0), new ShardId(Shards[0].Value - 1), "nowhere"),
                .. _places.Select(p => new ShardRange(p.Key, p.Key, $"s{p.Value.Server}", p.Value.Epoch)),
            ]);
    }

    Task<IShardServer> OpenAsync(ServerSpec spec)
    {
        var server = Open(spec);
        return Task.FromResult(_options.Around?.Invoke(server) ?? server);
    }

    IShardServer Open(ServerSpec spec)
    {
        if (spec is SqliteServerSpec sqlite)
            return new SqliteShardServer(spec.Name, sqlite.Folder, _options.Timeout);
        var number = spec.Name[1] - '0';
        var connection = new MySqlConnectionStringBuilder(Proxies[number].Through(_databases[number].ConnectionString))
        {
            MaximumPoolSize = (uint)_options.ConnectionsMax,
        };
        return new MySqlShardServer(spec.Name, connection, _options.Timeout);
    }
}
