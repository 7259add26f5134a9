using Microsoft.Extensions.Time.Testing;
using Pinfold.Sharding.Commits;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Topology;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Store.StoreModel;

namespace Pinfold.Sharding.Tests.Store;

/// <summary>Writes that wait for the same shard in one process: committed together, and yet each on its own.</summary>
public sealed class WaitingWriteTests
{
    [Theory, EveryEngine]
    public async Task ABadWriteAmongFifteenGoodOnesFailsAlone(string engine)
    {
        await using var test = await TestStore.StartAsync(engine, new() { Time = new HurriedTime() });
        var shelf = await CreateShelfAsync(test);
        Task<Commit> bad;
        List<Task<Commit>> good;
        await using (await test.HoldAsync(test.Shard))
        {
            _ = CreateNote(test).CommitAsync();
            await test.AllUnderWayAsync(test.Shard);
            good = [.. Enumerable.Range(0, 7).Select(_ => CreateNote(test).CommitAsync())];
            var update = test.Store.Begin(test.Shard);
            update.Create(new Note("never"));
            update.Update(shelf, new Shelf("never"), expectedVersion: 2);
            bad = update.CommitAsync();
            good.AddRange(Enumerable.Range(0, 8).Select(_ => CreateNote(test).CommitAsync()));
        }

        (await Task.WhenAll(good)).Select(c => c.Seq).Order().ShouldBe(Enumerable.Range(3, 15).Select(i => (long)i));
        var error = await Should.ThrowAsync<PinfoldException>(() => bad);
        error.Kind.ShouldBe(ErrorKind.Conflict);
        error.Message.ShouldContain($"{shelf}");
        error.Message.ShouldContain("version 1");
        await test.AuditAsync();
    }

    [Theory, EveryEngine]
    public async Task AnEntryThatWasPutBeforeItsObjectExistedFailsNoneOfItsNeighbours(string engine)
    {
        await using var test = await TestStore.StartAsync(engine, new() { Time = new HurriedTime() });
        var shelf = await CreateShelfAsync(test);
        var early = test.Store.Begin(test.Shard);
        foreach (var notYet in new[] { 5, 6 })
            early.Put(
                ShelfHasNotes, shelf, new ObjectId<Note>(new ObjectId(test.Shard, Note.Type.Number, notYet)), 1);
        await early.CommitAsync();
        List<Task<Commit>> waiting;
        await using (await test.HoldAsync(test.Shard))
        {
            waiting = [CreateNote(test).CommitAsync()];
            await test.AllUnderWayAsync(test.Shard);
            waiting.AddRange(Enumerable.Range(0, 5).Select(_ => CreateNote(test, shelf).CommitAsync()));
        }

        (await Task.WhenAll(waiting)).Select(c => c.Seq).Order().ShouldBe(Enumerable.Range(3, 6).Select(i => (long)i));
        (await test.Store.CountAsync(ShelfHasNotes, shelf)).ShouldBe(5, "two of them were there");
        await test.AuditAsync();
    }

    [Theory, EveryEngine]
    public async Task AWriteThatIsCancelledWhileItWaitsIsNotSentAndItsNeighboursAre(string engine)
    {
        await using var test = await TestStore.StartAsync(engine, new() { Time = new HurriedTime() });
        using var cancel = new CancellationTokenSource();
        var (before, cancelled, after) = (CreateNote(test), CreateNote(test), CreateNote(test));
        Task<Commit> first;
        List<Task<Commit>> committing;
        await using (await test.HoldAsync(test.Shard))
        {
            first = CreateNote(test).CommitAsync();
            await test.AllUnderWayAsync(test.Shard);
            committing = [before.CommitAsync(), cancelled.CommitAsync(cancel.Token), after.CommitAsync()];
            await cancel.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => committing[1]);
        }

        (await first).Seq.ShouldBe(1);
        (await committing[0]).Seq.ShouldBe(2);
        (await committing[2]).Seq.ShouldBe(3);
        (await test.SeqsOfAsync(test.Shard, cancelled.Id)).ShouldBeEmpty();
        await test.AuditAsync();
    }

    [Theory, EveryEngine]
    public async Task AQueueThatIsFullRefusesOneMoreAndLosesNone(string engine)
    {
        await using var test = await TestStore.StartAsync(engine, new()
        {
            Time = new HurriedTime(),
            Commits = CommitLimits.Default with { WaitingMax = 3 },
        });
        Task<Commit> first;
        List<Task<Commit>> waiting;
        await using (await test.HoldAsync(test.Shard))
        {
            first = CreateNote(test).CommitAsync();
            await test.AllUnderWayAsync(test.Shard);
            waiting = [.. Enumerable.Range(0, 3).Select(_ => CreateNote(test).CommitAsync())];

            var error = await Should.ThrowAsync<PinfoldException>(() => CreateNote(test).CommitAsync());

            error.Kind.ShouldBe(ErrorKind.LimitExceeded);
            error.Shard.ShouldBe(test.Shard);
        }
        await Task.WhenAll([first, .. waiting]);
        (await CreateNote(test).CommitAsync()).Seq.ShouldBe(5);
        await test.AuditAsync();
    }

    [Theory, EveryEngine]
    public async Task WhatIsNotAnsweredIsToldAtItsDeadlineWhetherItWasSentOrStillWaits(string engine)
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var test = await TestStore.StartAsync(engine, new() { Time = time });
        var (sent, waiting) = (CreateNote(test), CreateNote(test));
        await using (await test.HoldAsync(test.Shard))
        {
            var first = sent.CommitAsync();
            await test.AllUnderWayAsync(test.Shard);
            var second = waiting.CommitAsync();
            time.Advance(CommitLimits.Default.Deadline - TimeSpan.FromTicks(1));
            (first.IsCompleted, second.IsCompleted).ShouldBe((false, false));

            time.Advance(TimeSpan.FromTicks(1));

            // Nobody has let go of the shard: no answer of a server ends these.
            (await Should.ThrowAsync<PinfoldException>(() => first)).Kind.ShouldBe(ErrorKind.OutcomeUnknown);
            (await Should.ThrowAsync<PinfoldException>(() => second)).Kind.ShouldBe(ErrorKind.DeadlineExceeded);
        }

        (await sent.ResolveAsync()).ShouldBe(new Commit(test.Shard, 1), "it was under way, and came");
        (await test.SeqsOfAsync(test.Shard, waiting.Id)).ShouldBeEmpty();
        (await CreateNote(test).CommitAsync()).Seq.ShouldBe(2);
        await test.AuditAsync();
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task WritesOfSeveralShardsOfOneServerAreOneBatchInShardOrder(string engine)
    {
        await using var test = await TestStore.StartAsync(engine, new()
        {
            Shards = 3,
            Commits = CommitLimits.Default with { Lanes = 1 },
        });
        Task<Commit> first;
        List<Task<Commit>> waiting;
        await using (await test.HoldAsync(test.Shard))
        {
            first = CreateNote(test).CommitAsync();
            await test.AllUnderWayAsync(test.Shard);
            waiting = [.. test.Shards.Reverse().Concat(test.Shards).Select(s => CreateNote(test, s).CommitAsync())];
            test.Proxy.ResetCounts();
        }
        await Task.WhenAll([first, .. waiting]);

        var group = test.Proxy.Sql.Where(s => s.Contains("@s2", StringComparison.Ordinal)).ShouldHaveSingleItem();
        var places = test.Shards.Select(s => $" WHERE id={s};")
            .Select(s => group.IndexOf(s, StringComparison.Ordinal)).ToList();
        places.ShouldBe(places.Order());
        (await Task.WhenAll(waiting)).Select(c => c.Seq).ShouldBe([1, 1, 2, 3, 2, 2]);
        await test.AuditAsync();
    }

    static Transaction CreateNote(TestStore test, ShardId? shard = null)
    {
        var transaction = test.Store.Begin(shard ?? test.Shard);
        transaction.Create(new Note("a note"));
        return transaction;
    }

    static Transaction CreateNote(TestStore test, ObjectId<Shelf> shelf)
    {
        var transaction = test.Store.Begin(test.Shard);
        transaction.Put(ShelfHasNotes, shelf, transaction.Create(new Note("a note")), sequence: 2);
        return transaction;
    }

    static async Task<ObjectId<Shelf>> CreateShelfAsync(TestStore test)
    {
        var transaction = test.Store.Begin(test.Shard);
        var shelf = transaction.Create(new Shelf("a shelf"));
        await transaction.CommitAsync();
        return shelf.Id;
    }
}
