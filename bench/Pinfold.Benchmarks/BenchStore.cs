using MySqlConnector;
using Pinfold.Sharding;
using Pinfold.Sharding.Caching;
using Pinfold.Sharding.Commits;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Engines.MySql;
using Pinfold.Sharding.Provisioning;
using Pinfold.Sharding.Routing;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Telemetry;
using Pinfold.Sharding.Topology;
using Pinfold.Testing.Servers;

namespace Pinfold.Benchmarks;

/// <summary>A store over shards of database servers that were just started.</summary>
static class BenchStore
{
    /// <summary>The same settings for everybody: no reset when a connection comes back, no TLS on loopback.</summary>
    public static MySqlConnectionStringBuilder Connection(DatabaseServer server) => new(server.ConnectionString)
    {
        ConnectionReset = false,
        MaximumPoolSize = 64,
        SslMode = MySqlSslMode.None,
        AllowUserVariables = true,
        UseAffectedRows = true,
        Database = "",
    };

    /// <summary>Opens a store over <paramref name="shards"/> shards, spread evenly, and makes them.</summary>
    public static Task<ShardedStore> OpenAsync(
        ShardingModel model, int shards, int? lanes, params DatabaseServer[] servers) =>
        OpenAsync(model, shards, lanes, cache: null, servers);

    /// <summary>The same, with a cache.</summary>
    public static async Task<ShardedStore> OpenAsync(
        ShardingModel model, int shards, int? lanes, ICache? cache, DatabaseServer[] servers)
    {
        var specs =
            servers.Select((s, i) => new MySqlServerSpec($"db{i}", new HostPort("127.0.0.1", s.Port), "pinfold"))
                .ToArray();
        var perServer = shards / servers.Length;
        var map = TopologyMap.Create(1, shards, specs, specs.Select((s, i) =>
            new ShardRange(new ShardId(i * perServer), new ShardId((i + 1) * perServer - 1), s.Name, 1, true, 1)));
        var limits =
            CommitLimits.Default with
            {
                Lanes = lanes
                ?? CommitLimits.Default.Lanes,
                Deadline = TimeSpan.FromSeconds(30)
            };
        var set = new ServerSet(
            spec => Task.FromResult<IShardServer>(new MySqlShardServer(
                spec.Name, Connection(servers[Array.FindIndex(specs, s => s.Name == spec.Name)]),
                TimeSpan.FromSeconds(30))),
            limits, TimeProvider.System, new ShardingMetrics());
        var store =
            new ShardedStore(model, new FixedTopologySource(map), set, cache, TimeProvider.System, StoreLimits.Default);
        await new ShardProvisioner(store).EnsureAsync();
        return store;
    }
}
