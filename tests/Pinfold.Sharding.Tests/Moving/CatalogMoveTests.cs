using Pinfold.Sharding.Catalog;
using Pinfold.Sharding.Moving;
using Pinfold.Sharding.Operations;
using Pinfold.Sharding.Tests.Following;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Moving;

/// <summary>The catalog goes to another server: who asks the old one is told where it is, however late.</summary>
public sealed class CatalogMoveTests
{
    static readonly Authorship Robin = new("robin", "to grow");

    [Theory, EveryPair]
    public async Task ItGoesWithItsHistoryAndEverybodyFollows(string from, string to)
    {
        await using var fleet = await MoveFleet.StartAsync(from, to);
        await fleet.MoveAsync("b", new ShardId(1));
        var follower = fleet.NewStore();
        var (_, late, _) = fleet.NewOperator(isDeaf: true);
        var (moves, operations, topology) = fleet.NewOperator();
        var begun = await operations.ListAsync(withEnded: true);
        var history = await fleet.HistoryAsync();

        var map = await fleet.NewCatalogMove().MoveAsync("b", Robin);

        map.CatalogServer.ShouldNotBeNull().Name.ShouldBe("b");
        await Eventually.BecomesAsync(() => follower.Topology.CatalogServer?.Name == "b", "everybody follows");
        (await topology.RefreshAsync(default)).Version.ShouldBe(map.Version);
        (await operations.ListAsync(withEnded: true)).Select(o => o.Id).ShouldBe(begun.Select(o => o.Id));
        (await operations.GetAsync(begun[0].Id)).Steps.Count.ShouldBe(5);
        (await fleet.HistoryAsync()).Select(v => v.Map.Version)
            .ShouldBe([map.Version, .. history.Select(v => v.Map.Version)]);
        // Whoever has not heard of it begins nothing where nobody looks.
        var plan = await moves.PlanBackAsync([new ShardId(1)], new MoveOptions());
        (await Should.ThrowAsync<PinfoldException>(() => late.BeginAsync(plan, Robin))).Message
            .ShouldContain("has moved to server b");
        (await operations.RunAsync(await operations.BeginAsync(plan, Robin))).State.ShouldBe(OperationState.Done);
        // One who was away all the while, with the first map.
        (await fleet.NewOperator().Topology.RefreshAsync(default)).CatalogServer!.Name.ShouldBe("b");
        // Back, where another catalog was before; and once more to the same is nothing.
        (await fleet.NewCatalogMove().MoveAsync("c", Robin)).CatalogServer!.Name.ShouldBe("c");
        (await fleet.NewCatalogMove().MoveAsync("c", Robin)).Version
            .ShouldBe((await fleet.HistoryAsync())[0].Map.Version);
        (await fleet.MoveAsync("b", new ShardId(0))).State.ShouldBe(OperationState.Done);
    }

    [Fact]
    public async Task WhileAnOperationIsUnderWayItStays()
    {
        await using var fleet = await MoveFleet.StartAsync("SQLite", "SQLite");
        var (moves, operations, topology) = fleet.NewOperator();
        var id = await operations.BeginAsync(
            await moves.PlanMoveAsync([new ShardId(0)], "b", new MoveOptions()), Robin);
        var refused = await Should.ThrowAsync<PinfoldException>(() => fleet.NewCatalogMove().MoveAsync("b", Robin));
        refused.Kind.ShouldBe(ErrorKind.Conflict);
        refused.Message.ShouldContain(id);
        (await operations.RunAsync(id)).State.ShouldBe(OperationState.Done);
        (await topology.RefreshAsync(default)).CatalogServer!.Name.ShouldBe("c");
        (await Should.ThrowAsync<PinfoldException>(() => fleet.NewCatalogMove().MoveAsync("z", Robin))).Kind
            .ShouldBe(ErrorKind.NotFound);
        (await fleet.NewCatalogMove().MoveAsync("b", Robin)).CatalogServer!.Name.ShouldBe("b");
    }
}
