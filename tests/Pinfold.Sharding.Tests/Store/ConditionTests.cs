using Pinfold.Sharding.Tests.Engines;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Store.StoreModel;

namespace Pinfold.Sharding.Tests.Store;

/// <summary>What a transaction may require without changing it.</summary>
public sealed class ConditionTests
{
    [Theory, EveryEngine]
    public async Task WritersThatRequireTheSameObjectDoNotConflictAndLeaveItAsItIs(string engine)
    {
        await using var test = await TestStore.StartAsync(engine);
        var (shelf, _) = await FillAsync(test, test.Shard, 1);

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(async () =>
        {
            var transaction = test.Store.Begin(test.Shard);
            transaction.Require(shelf, expectedVersion: 1);
            transaction.Put(ShelfHasNotes, shelf, transaction.Create(new Note($"{i}")), i);
            await transaction.CommitAsync();
        })));

        (await test.Store.FindAsync(shelf)).ShouldNotBeNull().Version.ShouldBe(1);
        (await test.Store.CountAsync(ShelfHasNotes, shelf)).ShouldBe(41);
        await test.AuditAsync(); // which finds nothing in the journal for what was only required
    }

    [Theory, EveryEngine]
    public async Task WhatIsRequiredAndIsNotSoIsNamed(string engine)
    {
        await using var test = await TestStore.StartAsync(engine);
        var (shelf, notes) = await FillAsync(test, test.Shard, 2);
        var missing = Shelf.Type.Id(new ObjectId(test.Shard, Shelf.Type.Number, 99));

        await ShouldFailAsync(t => t.Require(missing), ErrorKind.NotFound,
            $"There is no object {missing} of shelves. Nothing was changed.");
        await ShouldFailAsync(t => t.Require(shelf, 3), ErrorKind.Conflict,
            $"Object {shelf} of shelves is at version 1, not 3");
        await ShouldFailAsync(t => t.RequireEmpty(ShelfHasNotes, shelf), ErrorKind.Conflict,
            $"The list shelf_has_notes of {shelf} has 2 entries, and this write requires that it has none.");
        var good = test.Store.Begin(test.Shard);
        good.RequireEmpty(NoteInShelves, notes[0]);
        good.RequireEmpty(ShelfHasNotes, missing);
        good.Create(new Note("new"));
        await good.CommitAsync();
        await test.AuditAsync();

        async Task ShouldFailAsync(Action<Sharding.Store.Transaction> require, ErrorKind kind, string message)
        {
            var transaction = test.Store.Begin(test.Shard);
            transaction.Create(new Note("not to be"));
            require(transaction);
            var error = await Should.ThrowAsync<PinfoldException>(() => transaction.CommitAsync());
            error.Kind.ShouldBe(kind);
            error.Message.ShouldContain(message);
        }
    }

    [Fact]
    public async Task WhatWasReadIsRequiredAsItWasReadAndStaysSo()
    {
        await using var test = await TestStore.StartAsync(TestShards.Sqlite);
        var (shelf, notes) = await FillAsync(test, test.Shard, 1);
        var (read, note) = (await test.Store.GetAsync(shelf), await test.Store.GetAsync(notes[0]));

        await CommitAsync(t => t.Require(read));
        (await test.Store.GetAsync(shelf)).ShouldBe(read);
        await CommitAsync(t =>
        {
            t.Require(read);
            t.Update(read with { Body = new Shelf("required before it is changed") });
        });
        (await KindAsync(t => t.Require(read))).ShouldBe(ErrorKind.Conflict);
        await CommitAsync(t => t.Delete(note));
        (await KindAsync(t => t.Require(note))).ShouldBe(ErrorKind.NotFound);
        await test.AuditAsync();

        Task CommitAsync(Action<Sharding.Store.Transaction> require)
        {
            var transaction = test.Store.Begin(test.Shard);
            transaction.Create(new Note("beside it"));
            require(transaction);
            return transaction.CommitAsync();
        }

        async Task<ErrorKind> KindAsync(Action<Sharding.Store.Transaction> require) =>
            (await Should.ThrowAsync<PinfoldException>(() => CommitAsync(require))).Kind;
    }

    [Fact]
    public async Task ATransactionOfConditionsAloneIsRefusedForItChangesNothing()
    {
        await using var test = await TestStore.StartAsync(TestShards.Sqlite);
        var (shelf, _) = await FillAsync(test, test.Shard, 1);
        var transaction = test.Store.Begin(test.Shard);
        transaction.Require(shelf);

        (await Should.ThrowAsync<PinfoldException>(() => transaction.CommitAsync())).Message
            .ShouldContain("changes nothing");
    }

    [Fact]
    public async Task ConditionsAreOfTheTransactionsOwnShardAndAtMostAThousand()
    {
        await using var test = await TestStore.StartAsync(TestShards.Sqlite, new() { Shards = 2 });
        var (shelf, _) = await FillAsync(test, test.Shards[1], 1);
        var transaction = test.Store.Begin(test.Shard);

        Should.Throw<PinfoldException>(() => transaction.Require(shelf)).Kind.ShouldBe(ErrorKind.Invalid);
        Should.Throw<PinfoldException>(() => transaction.RequireEmpty(ShelfHasNotes, shelf))
            .Kind.ShouldBe(ErrorKind.Invalid);
        var here = Shelf.Type.Id(new ObjectId(test.Shard, Shelf.Type.Number, 1));
        for (var i = 0; i < 1000; i++)
            transaction.Require(here);
        Should.Throw<PinfoldException>(() => transaction.Require(here)).Kind.ShouldBe(ErrorKind.LimitExceeded);
        transaction.Create(new Note("changes are counted by themselves"));
    }
}
