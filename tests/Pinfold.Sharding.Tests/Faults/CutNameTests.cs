using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Tests.Store;
using Pinfold.Testing.Proxy;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Store.StoreModel;

namespace Pinfold.Sharding.Tests.Faults;

/// <summary>
/// A name is reserved on one shard and claimed on another; the connection is cut at every place of both.
/// </summary>
public sealed class CutNameTests
{
    const int Sample = 12;

    [Theory, EveryEngine(IsServer = true)]
    public async Task ANameWhoseReservationIsCutAnywhereIsReservedOnceAndForItsClaimant(string engine)
    {
        await using var test = await TestStore.StartAsync(engine, new() { Shards = 2, Time = new HurriedTime() });
        foreach (var point in await EveryPlaceInReservationAsync(test))
        {
            var name = test.NewName(on: test.Shards[1]);
            test.Proxy.ResetCounts();
            var cut = test.Proxy.Cut(point with { Matching = IsReservation });
            var transaction = test.Store.Begin(test.Shard);
            var note = transaction.Create(new Note(name));
            var claiming = transaction.ClaimAsync(Handles, name, note);
            await cut.Done;
            await Eventually.HoldsAsync(() => claiming.IsCompleted || test.Proxy.Commands.Count(IsReservation) > 1);
            test.Proxy.DropParted();
            await claiming;
            await transaction.CommitAsync();

            await IsOwnedByAsync(test, name, note.Id, transaction.Id, point.ToString());
        }
        await test.AuditAsync();
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task ANameWhoseClaimIsCutAnywhereIsItsOwners(string engine)
    {
        await using var test = await TestStore.StartAsync(engine, new() { Shards = 2, Time = new HurriedTime() });
        foreach (var point in await EveryPlaceInClaimAsync(test))
        {
            var name = test.NewName(on: test.Shards[1]);
            test.Proxy.ResetCounts();
            var cut = test.Proxy.Cut(point with { Matching = c => NoteWriter.IsCommit(c) && !IsReservation(c) });
            var transaction = test.Store.Begin(test.Shard);
            var note = transaction.Create(new Note(name));
            await transaction.ClaimAsync(Handles, name, note);
            var committing = transaction.CommitAsync();
            await cut.Done;
            await Eventually.HoldsAsync(() => committing.IsCompleted
                || test.Proxy.Commands.Count(NoteWriter.IsCommit) > 2);
            test.Proxy.DropParted();
            await committing;

            await IsOwnedByAsync(test, name, note.Id, transaction.Id, point.ToString());
        }
        await test.AuditAsync();
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task AClaimOfUnknownOutcomeMayBeMadeAgain(string engine)
    {
        using var time = new FlowingTime();
        await using var test = await TestStore.StartAsync(
            engine, new() { Shards = 2, Time = time, ConnectionsMax = 1 });
        foreach (var point in await EveryPlaceInReservationAsync(test))
        {
            var name = test.NewName(on: test.Shards[1]);
            var cut = test.Proxy.Cut(point with { Matching = IsReservation });
            test.Proxy.RefuseConnections();
            var transaction = test.Store.Begin(test.Shard);
            var note = transaction.Create(new Note(name));
            var claiming = transaction.ClaimAsync(Handles, name, note);
            await cut.Done;
            await Eventually.EndsAsync(claiming, time);
            await Places.IsUnknownAsync(claiming, point);
            test.Proxy.AcceptConnections();
            test.Proxy.DropParted();

            await transaction.ClaimAsync(Handles, name, note);
            await transaction.CommitAsync();

            await IsOwnedByAsync(test, name, note.Id, transaction.Id, point.ToString());
        }
        await test.AuditAsync();
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task AnAbandonedTransactionGivesBackANameWhoseReservationWasCutOff(string engine)
    {
        using var time = new FlowingTime();
        await using var test = await TestStore.StartAsync(
            engine, new() { Shards = 2, Time = time, ConnectionsMax = 1 });
        var name = test.NewName(on: test.Shards[1]);
        var cut = test.Proxy.Cut(CutPoint.BeforeReply() with { Matching = IsReservation });
        test.Proxy.RefuseConnections();
        var transaction = test.Store.Begin(test.Shard);
        var note = transaction.Create(new Note(name));
        var claiming = transaction.ClaimAsync(Handles, name, note);
        await cut.Done;
        await Eventually.EndsAsync(claiming, time);
        await Should.ThrowAsync<PinfoldException>(() => claiming);
        test.Proxy.AcceptConnections();
        (await RowsAsync(test, name)).ShouldHaveSingleItem();

        await transaction.AbandonAsync();

        (await RowsAsync(test, name)).ShouldBeEmpty();
    }

    static async Task IsOwnedByAsync(
        TestStore test, string name, ObjectId<Note> owner, TransactionId claimedBy, string when)
    {
        (await RowsAsync(test, name)).ShouldBe([$"{claimedBy.Value:N}".ToUpperInvariant()], when);
        (await test.Store.Names.FindOwnerAsync(Handles, name)).ShouldBe(owner.Untyped, when);
        var rival = test.Store.Begin(test.Shard);
        var error = await Should.ThrowAsync<PinfoldException>(
            () => rival.ClaimAsync(Handles, name, rival.Create(new Note("rival"))), when);
        error.Kind.ShouldBe(ErrorKind.Conflict, when);
    }

    static async Task<List<string>> RowsAsync(TestStore test, string name) =>
        (await test.SqlAsync(test.Shards[1], "SELECT owner_tx,name FROM names"))
            .Where(r => r[1] == Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(name)))
            .Select(r => r[0]).ToList();

    static async Task<IReadOnlyList<CutPoint>> EveryPlaceInReservationAsync(TestStore test) =>
        Places.OnceIn((await SqlOfAClaimAsync(test))[0], Sample);

    static async Task<IReadOnlyList<CutPoint>> EveryPlaceInClaimAsync(TestStore test) =>
        Places.OnceIn((await SqlOfAClaimAsync(test))[1], Sample);

    /// <summary>The batches of a claim: the reservation, and the transaction that claims.</summary>
    static async Task<IReadOnlyList<string>> SqlOfAClaimAsync(TestStore test)
    {
        await test.Store.Names.FindOwnerAsync(Handles, test.NewName()); // opens the connection
        test.Proxy.ResetCounts();
        var transaction = test.Store.Begin(test.Shard);
        var note = transaction.Create(new Note("recorded"));
        await transaction.ClaimAsync(Handles, test.NewName(on: test.Shards[1]), note);
        await transaction.CommitAsync();
        test.Proxy.Sql.Count.ShouldBe(2);
        return test.Proxy.Sql;
    }

    static bool IsReservation(ClientCommand command) => command.Sql.Contains(".names(", StringComparison.Ordinal);
}
