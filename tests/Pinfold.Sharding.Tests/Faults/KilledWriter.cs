using Pinfold.Sharding.Commits;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Engines.Sqlite;
using Pinfold.Sharding.Provisioning;
using Pinfold.Sharding.Routing;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Telemetry;
using Pinfold.Sharding.Tests.Store;
using Pinfold.Sharding.Topology;
using static Pinfold.Sharding.Tests.Store.StoreModel;

namespace Pinfold.Sharding.Tests.Faults;

/// <summary>
/// The process that <see cref="KilledProcessTests"/> kills: writes to the shards of a folder for as long as it
/// lives, and says a line for each write that it was told is done.
/// </summary>
static class KilledWriter
{
    public const string Verb = "write-until-killed";
    public const int Shards = 3;
    const int WritersEach = 4;

    public static ShardedStore Open(string folder)
    {
        var servers = new ServerSet(
            spec => Task.FromResult<IShardServer>(
                new SqliteShardServer(spec.Name, folder, TimeSpan.FromSeconds(10))),
            CommitLimits.Default, TimeProvider.System, new ShardingMetrics());
        return new ShardedStore(Model, new FixedTopologySource(TopologyMap.Embedded(folder, Shards)), servers, null,
            TimeProvider.System, StoreLimits.Default);
    }

    public static async Task<int> RunAsync(string folder)
    {
        await using var store = Open(folder);
        await new ShardProvisioner(store).EnsureAsync();
        await Task.WhenAll(Enumerable.Range(0, Shards * WritersEach)
            .Select(i => WriteAsync(store, new ShardId(i % Shards))));
        return 0;
    }

    static async Task WriteAsync(ShardedStore store, ShardId shard)
    {
        var first = store.Begin(shard);
        var shelf = first.Create(new Shelf("a writer's own"));
        await first.CommitAsync();
        for (var i = 1L; ; i++)
        {
            var transaction = store.Begin(shard);
            var note = transaction.Create(new Note($"note {i}"));
            transaction.Put(ShelfHasNotes, shelf.Id, note, i);
            transaction.Put(NoteInShelves, note, shelf.Id, i);
            transaction.Update(shelf.Id, new Shelf($"has {i}"), expectedVersion: i);
            var commit = await transaction.CommitAsync();
            Console.WriteLine($"{shard} {transaction.Id} {commit.Seq} .");
        }
    }
}
