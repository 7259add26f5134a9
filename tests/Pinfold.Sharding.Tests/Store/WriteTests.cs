using Microsoft.Extensions.Time.Testing;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Names;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Tests.Faults;
using Pinfold.Testing.Proxy;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Store.StoreModel;

namespace Pinfold.Sharding.Tests.Store;

/// <summary>Writes that rest on reads: done again after new reads when somebody was faster, and never twice.</summary>
public sealed class WriteTests
{
    [Theory, EveryEngine]
    public async Task OfManyThatChangeOneObjectAtOnceEachReadsWhatTheOthersWroteAndNoneIsLost(string engine)
    {
        await using var test = await TestStore.StartAsync(engine, new() { Time = new HurriedTime() });
        var shelf = await CreateShelfAsync(test, "0");

        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => CountUpAsync(test, shelf)));

        (await test.Store.GetAsync(shelf)).Body.Title.ShouldBe("12");
        (await test.SqlAsync(test.Shard, "SELECT MAX(seq) FROM journal"))[0][0].ShouldBe("13", "a row for each");
        await test.AuditAsync();
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task AWriteWhoseAnswerIsLostHappensOnceAndItsNewObjectHasItsId(string engine)
    {
        await using var test = await TestStore.StartAsync(engine, new() { Time = new HurriedTime() });
        var shelf = await CreateShelfAsync(test, "0");
        test.Proxy.Cut(CutPoint.BeforeReply() with { Matching = NoteWriter.IsCommit });

        var note = await test.Store.WriteAsync(test.Shard, async (transaction, cancellation) =>
        {
            await Task.Yield();
            var made = transaction.Create(new Note("made once"));
            transaction.Put(ShelfHasNotes, shelf, made, 1);
            return made;
        });

        (await test.Store.GetAsync(note.Id)).Body.Title.ShouldBe("made once");
        (await test.Store.CountAsync(ShelfHasNotes, shelf)).ShouldBe(1);
        await test.AuditAsync();
    }

    [Theory, EveryEngine]
    public async Task ConditionsAloneAreRefusedAndDoNotPassForOnesThatHold(string engine)
    {
        await using var test = await TestStore.StartAsync(engine);
        var shelf = await CreateShelfAsync(test, "not empty");

        var error = await Should.ThrowAsync<PinfoldException>(() => test.Store.WriteAsync(test.Shard, (t, _) =>
        {
            t.RequireEmpty(ShelfHasNotes, shelf);
            return Task.CompletedTask;
        }));

        error.Kind.ShouldBe(ErrorKind.Invalid);
        error.Message.ShouldContain("changes nothing");
    }

    [Fact]
    public async Task ACallbackThatCommitsItselfIsToldThatItMustNot()
    {
        await using var test = await TestStore.StartAsync(TestShards.Sqlite);

        var error = await Should.ThrowAsync<InvalidOperationException>(() =>
            test.Store.WriteAsync(test.Shard, async (t, _) =>
            {
                t.Create(new Note("by hand"));
                await t.CommitAsync();
            }));

        error.Message.ShouldContain("WriteAsync commits");
    }

    [Fact]
    public async Task WhatIsThereAndWhatIsMadeAreOneResult()
    {
        await using var test = await TestStore.StartAsync(TestShards.Sqlite);
        var shelf = await CreateShelfAsync(test, "a shelf");

        var (first, isNew) = await FindOrMakeAsync();
        var (second, isNewAgain) = await FindOrMakeAsync();

        (isNew, isNewAgain).ShouldBe((true, false));
        second.Id.ShouldBe(first.Id);

        Task<(ObjectRef<Note> Note, bool IsNew)> FindOrMakeAsync() =>
            test.Store.WriteAsync<(ObjectRef<Note> Note, bool IsNew)>(test.Shard, async (transaction, cancellation) =>
            {
                var page = await test.Store.PageAsync(ShelfHasNotes, shelf, new PageRequest(1), cancellation);
                if (page.Items is [var there])
                    return (there.To, false);
                var made = transaction.Create(new Note("the only one"));
                transaction.Put(ShelfHasNotes, shelf, made, 1);
                return (made, true);
            });
    }

    [Fact]
    public async Task AWriteThatChangesNothingOrGivesUpIsNotSentAndTheNamesOfTheOneAreFreeAgain()
    {
        await using var test = await TestStore.StartAsync(TestShards.Sqlite);
        var name = test.NewName();

        (await test.Store.WriteAsync(test.Shard, (_, _) => Task.FromResult("nothing"))).ShouldBe("nothing");
        (await test.Store.WriteAsync(test.Shard, async (transaction, cancellation) =>
        {
            await transaction.ClaimAsync(Handles, name, transaction.Create(new Note(name)), cancellation);
            await transaction.AbandonAsync();
        })).ShouldBeNull();

        (await test.SqlAsync(test.Shard, "SELECT seq FROM objects")).ShouldBeEmpty();
        (await FindNameAsync(test, name)).ShouldBeNull();
    }

    [Fact]
    public async Task WhatTheCallbackThrowsIsThrownAtOnceAndItsNamesAreFreeAgain()
    {
        await using var test = await TestStore.StartAsync(TestShards.Sqlite);
        var name = test.NewName();
        var runs = 0;

        var error = await Should.ThrowAsync<PinfoldException>(() =>
            test.Store.WriteAsync(test.Shard, async (transaction, cancellation) =>
            {
                runs++;
                await transaction.ClaimAsync(Handles, name, transaction.Create(new Note(name)), cancellation);
                throw new PinfoldException(ErrorKind.Conflict, "the application's own");
            }));

        (error.Message, runs).ShouldBe(("the application's own", 1));
        (await FindNameAsync(test, name)).ShouldBeNull();
    }

    [Fact]
    public async Task AWriteThatIsDisturbedEachTimeEndsAfterFiftyAttemptsAsAConflict()
    {
        await using var test = await TestStore.StartAsync(TestShards.Sqlite, new() { Time = new HurriedTime() });
        var shelf = await CreateShelfAsync(test, "0");
        var runs = 0;

        var error = await Should.ThrowAsync<PinfoldException>(() => DisturbedAsync(test, shelf, () => runs++));

        (error.Kind, runs).ShouldBe((ErrorKind.Conflict, 50));
        (await test.Store.GetAsync(shelf)).Body.Title.ShouldBe("disturbed");
    }

    [Fact]
    public async Task NoAttemptBeginsAfterTheDeadline()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var test = await TestStore.StartAsync(TestShards.Sqlite, new() { Time = time });
        var shelf = await CreateShelfAsync(test, "0");
        var runs = 0;

        var writing = DisturbedAsync(test, shelf, () =>
        {
            runs++;
            time.Advance(TimeSpan.FromSeconds(4));
        });
        while (!writing.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Delay(1);
        }

        (await Should.ThrowAsync<PinfoldException>(() => writing)).Kind.ShouldBe(ErrorKind.Conflict);
        runs.ShouldBe(3);
    }

    [Fact]
    public async Task WhoWritesWithoutLookingIsToldThatTheObjectIsNotThereAndNotAfterFiftyAttempts()
    {
        await using var test = await TestStore.StartAsync(TestShards.Sqlite);
        var missing = Shelf.Type.Id(new ObjectId(test.Shard, Shelf.Type.Number, 77));
        var runs = 0;

        var writing = test.Store.WriteAsync(test.Shard, (transaction, _) =>
        {
            runs++;
            transaction.Update(missing, new Shelf("not there"));
            return Task.CompletedTask;
        });
        var error = await Should.ThrowAsync<PinfoldException>(() => writing);

        (error.Kind, runs).ShouldBe((ErrorKind.NotFound, 2));
    }

    static Task CountUpAsync(TestStore test, ObjectId<Shelf> shelf) =>
        test.Store.WriteAsync(test.Shard, async (transaction, cancellation) =>
        {
            var there = await test.Store.GetAsync(shelf, cancellation);
            transaction.Update(shelf, new Shelf($"{int.Parse(there.Body.Title) + 1}"), there.Version);
        });

    /// <summary>Somebody else writes between each read and its write.</summary>
    static Task DisturbedAsync(TestStore test, ObjectId<Shelf> shelf, Action onRun) =>
        test.Store.WriteAsync(test.Shard, async (transaction, cancellation) =>
        {
            var there = await test.Store.GetAsync(shelf, cancellation);
            var other = test.Store.Begin(test.Shard);
            other.Update(shelf, new Shelf("disturbed"));
            await other.CommitAsync(cancellation);
            transaction.Update(shelf, new Shelf("never"), there.Version);
            onRun();
        });

    static async Task<ObjectId<Shelf>> CreateShelfAsync(TestStore test, string title)
    {
        var transaction = test.Store.Begin(test.Shard);
        var shelf = transaction.Create(new Shelf(title));
        await transaction.CommitAsync();
        return shelf.Id;
    }

    static async Task<NameRow?> FindNameAsync(TestStore test, string name)
    {
        var read = new NameRead(test.Shard, Handles.Number, NameRegistry.Key(Handles, name));
        await test.Store.Router.ReadAsync([read], default);
        return read.Row;
    }
}
