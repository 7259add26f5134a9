using Microsoft.Extensions.Time.Testing;
using Pinfold.Sharding.Caching.Memory;
using Pinfold.Sharding.Tests.Engines;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Store.StoreModel;

namespace Pinfold.Sharding.Tests.Store;

/// <summary>What a transaction refuses before anything is sent, and what of it others learn.</summary>
public sealed class TransactionTests
{
    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("größe")]
    public async Task ACacheKeyThatIsNoneIsRefusedBeforeTheCommitAndNotAfterIt(string key)
    {
        await using var test = await TestStore.StartAsync(TestShards.Sqlite);
        var transaction = test.Store.Begin(test.Shard);

        Should.Throw<PinfoldException>(() => transaction.Invalidate(key)).Kind.ShouldBe(ErrorKind.Invalid);
    }

    [Fact]
    public async Task AnEventOfTheApplicationCannotPassForOneOfTheLibrarys()
    {
        await using var test = await TestStore.StartAsync(TestShards.Sqlite);
        var transaction = test.Store.Begin(test.Shard);

        var error = Should.Throw<PinfoldException>(() => transaction.Say("$invalidate", payload: "two words"));

        error.Kind.ShouldBe(ErrorKind.Invalid);
    }

    [Fact]
    public async Task AnObjectThatAnotherTransactionMadeIsMeantByItsIdOnceThatIsCommitted()
    {
        await using var test = await TestStore.StartAsync(TestShards.Sqlite);
        var (first, second) = (test.Store.Begin(test.Shard), test.Store.Begin(test.Shard));
        var shelf = first.Create(new Shelf("a shelf"));
        await first.CommitAsync();

        var note = second.Create(new Note("a note"));
        second.Put(ShelfHasNotes, shelf, note, 1);
        await second.CommitAsync();

        (await test.Store.CountAsync(ShelfHasNotes, shelf.Id)).ShouldBe(1);
        await test.AuditAsync();
    }

    [Fact]
    public async Task AnObjectThatAnotherTransactionHasYetToMakeIsRefused()
    {
        await using var test = await TestStore.StartAsync(TestShards.Sqlite);
        var (first, second) = (test.Store.Begin(test.Shard), test.Store.Begin(test.Shard));
        var shelf = first.Create(new Shelf("a shelf"));
        var note = second.Create(new Note("a note"));

        var error = Should.Throw<PinfoldException>(() => second.Put(ShelfHasNotes, shelf, note, 1));

        error.Kind.ShouldBe(ErrorKind.Invalid);
        error.Message.ShouldContain("another transaction");
    }

    [Fact]
    public async Task NothingIsAddedToATransactionThatWasCommitted()
    {
        await using var test = await TestStore.StartAsync(TestShards.Sqlite);
        var transaction = test.Store.Begin(test.Shard);
        var note = transaction.Create(new Note("a note"));
        await transaction.CommitAsync();

        Should.Throw<InvalidOperationException>(() => transaction.Create(new Note("another")));
        Should.Throw<InvalidOperationException>(() => transaction.Update(note.Id, new Note("changed")));
        await Should.ThrowAsync<InvalidOperationException>(() =>
            transaction.ClaimAsync(Handles, test.NewName(), note));
    }

    [Theory, EveryEngine]
    public async Task AWriteWhoseCallerHasLeftIsStillToldToFollowersWhenItHappened(string engine)
    {
        await using var test = await TestStore.StartAsync(engine);
        var told = new TaskCompletionSource<(ShardId, long)>(TaskCreationOptions.RunContinuationsAsynchronously);
        test.Store.Committed += (shard, seq) => told.TrySetResult((shard, seq));
        using var cancel = new CancellationTokenSource();
        var transaction = test.Store.Begin(test.Shard);
        transaction.Create(new Note("a note"));
        await using (await test.HoldAsync(test.Shard))
        {
            var committing = transaction.CommitAsync(cancel.Token);
            await test.AllUnderWayAsync(test.Shard);
            await cancel.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => committing);
        }

        (await told.Task.WaitAsync(TimeSpan.FromSeconds(60))).ShouldBe((test.Shard, 1L));
        (await test.SeqsOfAsync(test.Shard, transaction.Id)).ShouldBe([1L]);
    }

    [Theory, EveryEngine]
    public async Task TheCacheForgetsWhatACommitOverwroteWhoseCallerHasLeft(string engine)
    {
        await using var test = await TestStore.StartAsync(
            engine, new() { Cache = new MemoryCache(new MemoryCacheOptions(), new FakeTimeProvider()) });
        var creating = test.Store.Begin(test.Shard);
        var shelf = creating.Create(new Shelf("old"));
        await creating.CommitAsync();
        (await test.Store.GetAsync(shelf.Id)).Body.Title.ShouldBe("old");
        using var cancel = new CancellationTokenSource();
        var transaction = test.Store.Begin(test.Shard);
        transaction.Update(shelf.Id, new Shelf("new"));
        await using (await test.HoldAsync(test.Shard))
        {
            var committing = transaction.CommitAsync(cancel.Token);
            await test.AllUnderWayAsync(test.Shard);
            await cancel.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => committing);
        }

        // The cached value lasts for an hour, and time stands still.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await test.Store.GetAsync(shelf.Id, limit.Token)).Body.Title != "new")
            await Task.Delay(1, limit.Token);
    }
}
