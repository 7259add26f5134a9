using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Moving;
using Pinfold.Sharding.Operations;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Tests.Store;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Store.StoreModel;

namespace Pinfold.Sharding.Tests.Moving;

/// <summary>Shards move between servers of every engine, with all that they have, and back.</summary>
public sealed class MoveTests
{
    [Theory, EveryPair]
    public async Task AShardMovesWithAllThatItHas(string from, string to)
    {
        await using var fleet = await MoveFleet.StartAsync(from, to);
        var (shard, store) = (new ShardId(1), fleet.NewStore(isDeaf: true));
        var (shelf, notes) = await ContentAsync(fleet, store, shard);
        var before = await fleet.DumpAsync("a", shard);
        var cursors = await CursorsAsync(fleet, "a", shard);
        cursors.Count.ShouldBe(2);

        (await fleet.MoveAsync("b")).State.ShouldBe(OperationState.Done);

        (await fleet.DumpAsync("b", shard)).ShouldBe(before);
        (await fleet.DumpAsync("a", shard, hasLeft: true)).ShouldBe(before);
        // This store's map is the old one.
        store.Topology.Shard(shard).Server.Name.ShouldBe("a");
        (await store.GetAsync(notes[0])).ShouldNotBeNull().Body.Title.ShouldBe("anew");
        store.Topology.Shard(shard).ShouldBe(store.Topology.Shard(shard) with { Epoch = 2, Open = true });
        store.Topology.Shard(shard).Server.Name.ShouldBe("b");
        await WriteAsync(store, shelf);
        (await CursorsAsync(fleet, "b", shard)).ShouldBe(cursors, ignoreOrder: true);
        (await CursorsAsync(fleet, "a", shard)).ShouldBeEmpty();
        await using var server = fleet.Open("b");
        (await server.Cursors.ReadParkedAsync([shard], "slow", long.MaxValue, 10, default)).ShouldHaveSingleItem()
            .Reason.ShouldBe("It is no ünicorn.");
        await fleet.AuditAsync("b");
    }

    [Theory, EveryPair]
    public async Task ItGoesBackWithWhatWasWrittenSinceAndIsCleanedUp(string from, string to)
    {
        await using var fleet = await MoveFleet.StartAsync(from, to);
        var (shard, store) = (new ShardId(0), fleet.NewStore());
        var (shelf, _) = await ContentAsync(fleet, store, shard);
        await fleet.MoveAsync("b");
        await WriteAsync(store, shelf);
        var before = await fleet.DumpAsync("b", shard);
        var (moves, _, topology) = fleet.NewOperator();
        (await Should.ThrowAsync<PinfoldException>(() => moves.PlanMoveAsync([shard], "a", new MoveOptions())))
            .Message.ShouldContain("--back");

        (await fleet.MoveBackAsync()).State.ShouldBe(OperationState.Done);

        (await fleet.DumpAsync("a", shard)).ShouldBe(before);
        (await topology.RefreshAsync(default)).Shard(shard).Epoch.ShouldBe(3);
        await WriteAsync(store, shelf);
        store.Topology.Shard(shard).Server.Name.ShouldBe("a");
        (await fleet.CleanUpAsync()).State.ShouldBe(OperationState.Done);
        (await fleet.HasAnythingAsync("b", shard)).ShouldBeFalse();
        (await moves.ListLeftAsync()).ShouldBeEmpty();
        await fleet.AuditAsync("a");
        // And once more there, which is a copy from the beginning.
        (await fleet.MoveAsync("b")).State.ShouldBe(OperationState.Done);
        await fleet.AuditAsync("b");
    }

    [Theory, EveryPair]
    public async Task WhatIsChangedInTheCopyBehindItsBackIsFound(string from, string to)
    {
        await using var fleet = await MoveFleet.StartAsync(from, to, shards: 1);
        var (shard, store) = (new ShardId(0), fleet.NewStore());
        var (shelf, _) = await ContentAsync(fleet, store, shard);
        fleet.Around = server => new AfterStep(server, "WriteAsync", async () =>
        {
            if (server.Name == "b")
                await fleet.SqlAsync("b", shard, "UPDATE objects SET body=x'7b7d' WHERE local_id=2");
        }).Server;
        var (moves, operations, _) = fleet.NewOperator();
        var id = await fleet.BeginAsync(
            operations, await moves.PlanMoveAsync([shard], "b", new MoveOptions()));
        var refused = await Should.ThrowAsync<PinfoldException>(() => operations.RunAsync(id));
        refused.Kind.ShouldBe(ErrorKind.Corrupt);
        refused.Message.ShouldContain("differ in 1 rows, the first objects (1,2)");
        await WriteAsync(store, shelf);
        await operations.CancelAsync(id);
        (await operations.RunAsync(id)).State.ShouldBe(OperationState.Cancelled);
        (await fleet.HasAnythingAsync("b", shard)).ShouldBeFalse();
        await WriteAsync(store, shelf);
        await fleet.AuditAsync("a");
        fleet.Around = null;
        (await fleet.MoveAsync("b")).State.ShouldBe(OperationState.Done);
    }

    [Theory, EveryPair]
    public async Task ADrainedServerHasNoShardsLeft(string from, string to)
    {
        await using var fleet = await MoveFleet.StartAsync(from, to, shards: 3);
        var (store, large) = (fleet.NewStore(), new ShardId(2));
        var transaction = store.Begin(large);
        transaction.Create(new Note(new string('x', 200_000)));
        await transaction.CommitAsync();
        var (moves, operations, topology) = fleet.NewOperator();
        await operations.RunAsync(await fleet.BeginAsync(
            operations, await moves.PlanDrainAsync("a", ["b", "c"], new MoveOptions { AtOnce = 2 })));
        var map = await topology.RefreshAsync(default);
        map.ShardsOn("a").ShouldBeEmpty();
        map.ShardsOn("b").Count.ShouldBeGreaterThan(0);
        map.ShardsOn("c").Count.ShouldBeGreaterThan(0);
        foreach (var shard in fleet.Shards)
            await ShardAudit.CheckAsync(shard, sql => fleet.SqlAsync(map.Shard(shard).Server.Name, shard, sql));
        (await Should.ThrowAsync<PinfoldException>(() => moves.PlanDrainAsync("a", [], new MoveOptions()))).Message
            .ShouldContain("has no shards");
        (await Should.ThrowAsync<PinfoldException>(() => moves.PlanDrainAsync("b", ["b"], new MoveOptions()))).Message
            .ShouldContain("no other server");
        // Each to where it came from.
        await fleet.MoveBackAsync();
        (await topology.RefreshAsync(default)).ShardsOn("a").Count.ShouldBe(3);
    }

    [Theory, EveryPair]
    public async Task WhatIsThereOfNobodyIsNotOverwritten(string from, string to)
    {
        await using var fleet = await MoveFleet.StartAsync(from, to, shards: 1);
        var shard = new ShardId(0);
        await using (var server = fleet.Open("b"))
            await server.CreateShardAsync(shard, 1, default);
        var refused = await Should.ThrowAsync<PinfoldException>(() => fleet.MoveAsync("b"));
        refused.Kind.ShouldBe(ErrorKind.Conflict);
        refused.Message.ShouldContain("has something of shard 0 already");
        await Should.ThrowAsync<PinfoldException>(() => fleet.MoveAsync("a"));
        (await Should.ThrowAsync<PinfoldException>(() => fleet.MoveAsync("z"))).Kind.ShouldBe(ErrorKind.NotFound);
        (await Should.ThrowAsync<PinfoldException>(() => fleet.MoveBackAsync())).Kind.ShouldBe(ErrorKind.NotFound);
        (await Should.ThrowAsync<PinfoldException>(() => fleet.CleanUpAsync())).Kind.ShouldBe(ErrorKind.NotFound);
    }

    /// <summary>Some of each kind of row: changed, removed and erased ones, names, cursors, what is parked.</summary>
    internal static async Task<(ObjectId<Shelf> Shelf, List<ObjectId<Note>> Notes)> ContentAsync(
        MoveFleet fleet, ShardedStore store, ShardId shard, string on = "a")
    {
        var transaction = store.Begin(shard);
        var shelf = transaction.Create(new Shelf("shelf, '\\\0\" ünd 🦄"));
        var notes = Enumerable.Range(0, 6).Select(i => transaction.Create(new Note($"note {i}"))).ToList();
        for (var i = 0; i < notes.Count; i++)
            transaction.Put(ShelfHasNotes, shelf, notes[i], i);
        await transaction.CommitAsync();
        var change = store.Begin(shard);
        change.Update(notes[0].Id, new Note("anew"));
        change.Delete(notes[1].Id);
        change.Erase(notes[2].Id);
        change.Put(ShelfHasNotes, shelf.Id, notes[3].Id, 77);
        change.Remove(ShelfHasNotes, shelf.Id, notes[4].Id);
        await change.CommitAsync();
        var named = store.Begin(shard);
        await named.ClaimAsync(Handles, $"h{shard}", notes[5].Id);
        await named.CommitAsync();
        await using var server = fleet.Open(on);
        var claim = Guid.NewGuid();
        await server.Cursors.ClaimAsync(
            [new CursorClaim("seen", AtEnd: true, [shard]), new CursorClaim("slow", AtEnd: false, [shard])], claim,
            default);
        await server.Cursors.AdvanceAsync([new CursorMove(shard, "slow", claim, 0, 1)], default);
        await server.Cursors.ParkAsync(claim, new ParkedRow(shard, "slow", 1, 3, 5, 7, "It is no ünicorn."), default);
        return (shelf.Id, notes.ConvertAll(note => note.Id));
    }

    static async Task<IReadOnlyList<CursorRow>> CursorsAsync(MoveFleet fleet, string name, ShardId shard)
    {
        await using var server = fleet.Open(name);
        return await server.Cursors.ReadCursorsAsync([shard], default);
    }

    internal static async Task WriteAsync(ShardedStore store, ObjectId<Shelf> shelf)
    {
        var transaction = store.Begin(shelf.Shard);
        transaction.Put(ShelfHasNotes, shelf, transaction.Create(new Note("later")), 100);
        await transaction.CommitAsync();
    }
}
