using Pinfold.Sharding.Catalog;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Engines.Sqlite;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Operations;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Tests.Following;
using Pinfold.Sharding.Topology;
using Pinfold.Sharding.Verification;
using static Pinfold.Sharding.Tests.Engines.StorageModel;

namespace Pinfold.Sharding.Tests.Verification;

/// <summary>
/// Boards on four shards that follow one another, pins on them, and a name for each; with followers, and a verifier.
/// </summary>
sealed class VerifiedFleet : IAsyncDisposable
{
    public static readonly ShardingModel Model = new(
        [Pin.Type, Board.Type], [BoardHasPins, BoardFollowsBoards, BoardFollowedByBoards],
        [Tests.Following.Fleet.UserName]);

    // The map of one folder names it for the catalog; that of servers names none.
    readonly CatalogHome _catalog = new(spec => Task.FromResult<IShardServer>(
        new SqliteShardServer(spec.Name, ((SqliteServerSpec)spec).Folder, TimeSpan.FromSeconds(20))));

    VerifiedFleet(Fleet fleet)
    {
        Fleet = fleet;
        Store = fleet.NewStore(model: Model);
        Verifier = NewVerifier(Store);
    }

    public Fleet Fleet { get; }

    public ShardedStore Store { get; }

    public FollowerHost? Host { get; private set; }

    public FleetVerifier Verifier { get; }

    public List<ObjectId<Board>> Boards { get; } = [];

    public List<ObjectId<Pin>> Pins { get; } = [];

    public List<string> Names { get; } = [];

    public static async Task<VerifiedFleet> StartAsync(string engine, bool isFollowed = true, int shards = 4)
    {
        var verified = new VerifiedFleet(await Fleet.StartAsync(engine, shards));
        if (isFollowed)
            verified.Host = await verified.Fleet.StartHostAsync(
                new FollowerOptions { Lease = TimeSpan.FromMinutes(10), Sweep = TimeSpan.FromDays(1) }, [],
                verified.Store);
        await verified.FillAsync();
        if (verified.Host is { } host)
            await host.DrainAsync();
        return verified;
    }

    public FleetVerifier NewVerifier(ShardedStore store) => new(store, Fleet.Topology,
        new FleetOperations(Fleet.Topology, _catalog, [], TimeProvider.System),
        _ => throw new InvalidOperationException("Nobody has a replica here."));

    public Task<FleetReport> VerifyAsync(TimeSpan? lagMax = null) => Verifier.VerifyAsync(
        [.. Fleet.Shards], new VerifyOptions { LagMax = lagMax ?? TimeSpan.FromMinutes(1) });

    /// <summary>Both sides of a follow, as SQL names them.</summary>
    public (string Forward, string Reverse) Sql(ObjectId from, ObjectId to) =>
        ($"mapping=2 AND from_id={from} AND to_id={to}", $"mapping=3 AND from_id={to} AND to_id={from}");

    public async ValueTask DisposeAsync()
    {
        await _catalog.DisposeAsync();
        await Fleet.DisposeAsync();
    }

    async Task FillAsync()
    {
        foreach (var shard in Fleet.Shards)
        {
            var making = Store.Begin(shard);
            var boards = Enumerable.Range(0, 2).Select(i => making.Create(new Board($"board {i}"))).ToList();
            var pins = Enumerable.Range(0, 3).Select(i => making.Create(new Pin($"pin {i}"))).ToList();
            foreach (var pin in pins)
                making.Put(BoardHasPins, boards[0], pin, 1);
            await making.CommitAsync();
            Boards.AddRange(boards.Select(board => board.Id));
            Pins.AddRange(pins.Select(pin => pin.Id));
        }
        foreach (var from in Boards)
        {
            var transaction = Store.Begin(from.Shard);
            foreach (var to in Boards.Where(to => to != from))
                transaction.Put(BoardFollowsBoards, from, to, 7);
            Names.Add($"name of {from}");
            await transaction.ClaimAsync(Fleet.UserName, Names[^1], from);
            await transaction.CommitAsync();
        }
    }
}
