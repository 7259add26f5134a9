using Pinfold.Sharding;
using Pinfold.Sharding.Commits;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Engines.Sqlite;
using Pinfold.Sharding.Provisioning;
using Pinfold.Sharding.Routing;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Telemetry;
using Pinfold.Sharding.Topology;

namespace Pinfold.Benchmarks.LinkBench;

/// <summary>On SQLite the graph is loaded through the store, a thousand changes to a transaction.</summary>
sealed class SqlitePinfoldLinkStore(ShardedStore store, string folder) : PinfoldLinkStore(store)
{
    const int ChangesMax = 1000;
    readonly ShardedStore _store = store;

    public static async Task<PinfoldLinkStore> OpenAsync()
    {
        var folder = Directory.CreateTempSubdirectory("pinfold-bench").FullName;
        var server = new SqliteServerSpec("files", folder);
        var map =
            TopologyMap.Create(
                1, Shards, [server], [new ShardRange(new ShardId(0), new ShardId(Shards - 1), "files", 1, true, 1)]);
        var set = new ServerSet(
            spec => Task.FromResult<IShardServer>(
                new SqliteShardServer(spec.Name, folder, TimeSpan.FromSeconds(30))),
            CommitLimits.Default, TimeProvider.System, new ShardingMetrics());
        var store =
            new ShardedStore(Model, new FixedTopologySource(map), set, null, TimeProvider.System, StoreLimits.Default);
        await new ShardProvisioner(store).EnsureAsync();
        return new SqlitePinfoldLinkStore(store, folder);
    }

    public override async Task LoadAsync(Graph graph)
    {
        for (var shard = 0; shard < Shards; shard++)
        {
            var numbers = Enumerable.Range(0, (graph.Nodes - shard + Shards - 1) / Shards)
                .Select(i => (long)i * Shards + shard + 1).ToList();
            await CommitAsync(
                shard, numbers, (transaction, number) => transaction.Create(BodyOf(graph.NodeOf(number))));
            for (var type = 0; type < Graph.Types; type++)
            {
                var mapping = Mappings[type];
                await CommitAsync(
                    shard, numbers.SelectMany(number => graph.LinksFrom(number, type).OrderBy(l => l.Time)),
                    (transaction, link) =>
                        transaction.Put(mapping, IdOf(link.Id1), IdOf(link.Id2), link.Time, BodyOf(link)));
            }
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    async Task CommitAsync<T>(int shard, IEnumerable<T> changes, Action<Transaction, T> change)
    {
        foreach (var chunk in changes.Chunk(ChangesMax))
        {
            var transaction = _store.Begin(new ShardId(shard));
            foreach (var item in chunk)
                change(transaction, item);
            await transaction.CommitAsync();
        }
    }
}
