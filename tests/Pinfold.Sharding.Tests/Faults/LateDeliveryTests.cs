using Microsoft.Extensions.Time.Testing;
using Pinfold.Sharding.Caching.Memory;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Tests.Store;
using Pinfold.Testing.Proxy;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Store.StoreModel;

namespace Pinfold.Sharding.Tests.Faults;

/// <summary>
/// The bytes of a commit are held up on their way while the shard is closed, moved or opened again, and arrive when its
/// writer has been told long ago. What it was told must still be true.
/// </summary>
public sealed class LateDeliveryTests
{
    [Theory, EveryEngine]
    public async Task AWriteThatIsStillOnItsWayToAClosedShardIsNeverToldToBeRefused(string engine)
    {
        var (test, time, late) = await StartAsync(engine);
        await using var _ = test;
        var notes = await NoteWriter.OnShelvesAsync(test);
        var name = test.NewName(on: test.Shards[1]);
        var write = notes.Begin(test.Shard);
        await write.Transaction.ClaimAsync(Handles, name, write.Note);
        var onItsWay = late.HoldNext(test);
        var committing = write.Transaction.CommitAsync();
        await onItsWay;
        await test.SqlAsync(test.Shard, "UPDATE shard SET state=0");

        await Eventually.EndsAsync(committing, time);
        (await Should.ThrowAsync<PinfoldException>(() => committing)).Kind.ShouldBe(ErrorKind.OutcomeUnknown);
        await test.SqlAsync(test.Shard, "UPDATE shard SET state=1");
        await late.DeliverAsync();

        var commit = (await write.Transaction.ResolveAsync()).ShouldNotBeNull();
        await notes.HappenedOnceAsync(write, commit, "it was on its way all the time");
        (await test.Store.Names.FindOwnerAsync(Handles, name)).ShouldBe(write.Note.Id.Untyped, "it was not given back");
        await test.AuditAsync();
    }

    [Theory, EveryEngine]
    public async Task AWriteThatIsOnItsWayUnderAnEpochThatIsOverIsRefusedForGood(string engine)
    {
        var (test, time, late) = await StartAsync(engine);
        await using var _ = test;
        var notes = await NoteWriter.OnShelvesAsync(test);
        var name = test.NewName(on: test.Shards[1]);
        var write = notes.Begin(test.Shard);
        await write.Transaction.ClaimAsync(Handles, name, write.Note);
        var onItsWay = late.HoldNext(test);
        var committing = write.Transaction.CommitAsync();
        await onItsWay;
        await test.SqlAsync(test.Shard, "UPDATE shard SET epoch=2");

        await Eventually.EndsAsync(committing, time);
        (await Should.ThrowAsync<PinfoldException>(() => committing)).Kind.ShouldBe(ErrorKind.Fenced);
        await late.DeliverAsync();

        await notes.NeverHappenedAsync(write, "the fence has refused what came late");
        (await test.SeqsOfAsync(test.Shard, write.Transaction.Id)).ShouldBeEmpty();
        (await test.SqlAsync(test.Shards[1], "SELECT kind FROM names")).ShouldBeEmpty("its name was given back");
        await test.AuditAsync();
    }

    [Theory, EveryEngine]
    public async Task AnAttemptThatIsOutIsRememberedWhenTheWriteBeginsAnewUnderAnotherEpoch(string engine)
    {
        var (test, time, late) = await StartAsync(engine);
        await using var _ = test;
        var notes = await NoteWriter.OnShelvesAsync(test);
        var write = notes.Begin(test.Shard);
        var onItsWay = late.HoldNext(test);
        var committing = write.Transaction.CommitAsync();
        await onItsWay;
        // The map is ahead of the shard: what is sent under the new epoch is refused, what is on its way is not.
        await test.SqlAsync(test.Shard, "UPDATE shard SET state=0");
        test.Publish(test.Shard, epoch: 2);

        await Eventually.EndsAsync(committing, time);
        (await Should.ThrowAsync<PinfoldException>(() => committing)).Kind.ShouldBe(ErrorKind.OutcomeUnknown);
        await test.SqlAsync(test.Shard, "UPDATE shard SET state=1");
        await late.DeliverAsync();
        await test.SqlAsync(test.Shard, "UPDATE shard SET epoch=2");

        await notes.HappenedOnceAsync(
            write, (await write.Transaction.ResolveAsync()).ShouldNotBeNull(), "before the epoch was raised");
        await test.AuditAsync();
    }

    [Theory, EveryEngine]
    public async Task AWriteThatIsTriedAgainUnderANewEpochHappensOnceThoughTheFirstAttemptComesLate(string engine)
    {
        var (test, time, late) = await StartAsync(engine);
        await using var _ = test;
        var notes = await NoteWriter.OnShelvesAsync(test);
        var write = notes.Begin(test.Shard);
        var onItsWay = late.HoldNext(test);
        var committing = write.Transaction.CommitAsync();
        await onItsWay;
        await test.SqlAsync(test.Shard, "UPDATE shard SET epoch=2");
        test.Publish(test.Shard, epoch: 2);

        await Eventually.EndsAsync(committing, time);
        await late.DeliverAsync();

        await notes.HappenedOnceAsync(write, await committing, "under the new epoch");
        await test.AuditAsync();
    }

    [Theory, EveryEngine]
    public async Task WhatWasGivenUpIsRefusedWhenItComesLate(string engine)
    {
        var (test, time, late) = await StartAsync(engine);
        await using var _ = test;
        var notes = await NoteWriter.OnShelvesAsync(test);
        var write = notes.Begin(test.Shard);
        var onItsWay = late.HoldNext(test);
        var committing = write.Transaction.CommitAsync();
        await onItsWay;
        await test.SqlAsync(test.Shard, "UPDATE shard SET state=0");
        await Eventually.EndsAsync(committing, time);
        await Should.ThrowAsync<PinfoldException>(() => committing);
        await test.SqlAsync(test.Shard, "UPDATE shard SET state=1");

        (await write.Transaction.ResolveAsync()).ShouldBeNull();
        await late.DeliverAsync();

        await notes.NeverHappenedAsync(write, "its id was used up");
        await test.AuditAsync();
    }

    [Theory, EveryEngine]
    public async Task WhoAsksOnlyWithTheIdIsToldWhatHappenedAndTheCacheForgetsWhatWasBefore(string engine)
    {
        var cache = new MemoryCache(new MemoryCacheOptions(), new FakeTimeProvider());
        var (test, time, late) = await StartAsync(engine, cache);
        await using var _ = test;
        var notes = await NoteWriter.OnShelvesAsync(test);
        var write = notes.Begin(test.Shard);
        var onItsWay = late.HoldNext(test);
        var committing = write.Transaction.CommitAsync();
        await onItsWay;
        await test.SqlAsync(test.Shard, "UPDATE shard SET state=0");
        await Eventually.EndsAsync(committing, time);
        await Should.ThrowAsync<PinfoldException>(() => committing);
        await test.SqlAsync(test.Shard, "UPDATE shard SET state=1");
        (await test.Store.GetAsync(notes.Shelf(test.Shard))).Body.Title.ShouldBe("new");
        await late.DeliverAsync();
        (await test.Store.GetAsync(notes.Shelf(test.Shard))).Body.Title.ShouldBe("new", "as it is cached");

        var happened = (await test.Store.ResolveAsync(test.Shard, write.Transaction.Id)).ShouldNotBeNull();

        (await test.Store.GetAsync(notes.Shelf(test.Shard))).Body.Title.ShouldBe(write.Title);
        (await test.Store.GetAsync(happened.Created<Note>().ShouldHaveSingleItem())).Body.Title.ShouldBe(write.Title);
        await notes.HappenedOnceAsync(write, happened.Commit, "it came");
    }

    [Theory, EveryEngine]
    public async Task AClaimOfUnknownOutcomeThatArrivedIsAskedForAndGoesOn(string engine)
    {
        var (test, time, late) = await StartAsync(engine);
        await using var _ = test;
        var name = test.NewName(on: test.Shards[1]);
        var (transaction, note) = await ClaimInVainAsync(test, time, late, name);
        await late.DeliverAsync();

        (await transaction.ResolveClaimAsync(Handles, name)).ShouldBeTrue();
        await transaction.CommitAsync();

        (await test.Store.Names.FindOwnerAsync(Handles, name)).ShouldBe(note.Id.Untyped);
        await test.AuditAsync();
    }

    [Theory, EveryEngine]
    public async Task AClaimOfUnknownOutcomeThatDidNotArriveNeverWillOnceItWasAskedFor(string engine)
    {
        var (test, time, late) = await StartAsync(engine);
        await using var _ = test;
        var name = test.NewName(on: test.Shards[1]);
        var (transaction, _) = await ClaimInVainAsync(test, time, late, name);

        (await transaction.ResolveClaimAsync(Handles, name)).ShouldBeFalse();
        await late.DeliverAsync();

        (await test.SqlAsync(test.Shards[1], "SELECT kind FROM names")).ShouldBeEmpty();
        await transaction.CommitAsync();
        (await test.Store.Names.FindOwnerAsync(Handles, name)).ShouldBeNull("it is not claimed in the journal either");
        await test.AuditAsync();
    }

    [Theory, EveryEngine]
    public async Task WhoGivesUpLeavesNoReservationBehindThatWasStillOnItsWay(string engine)
    {
        var (test, time, late) = await StartAsync(engine);
        await using var _ = test;
        var name = test.NewName(on: test.Shards[1]);
        var (transaction, _) = await ClaimInVainAsync(test, time, late, name);

        await transaction.AbandonAsync();
        await late.DeliverAsync();

        (await test.SqlAsync(test.Shards[1], "SELECT kind FROM names")).ShouldBeEmpty();
    }

    /// <summary>The reservation is on its way when its claimant has been told that nobody knows.</summary>
    static async Task<(Transaction Transaction, NewObject<Note> Note)> ClaimInVainAsync(
        TestStore test, FakeTimeProvider time, LateCommit late, string name)
    {
        var transaction = test.Store.Begin(test.Shard);
        var note = transaction.Create(new Note(name));
        var onItsWay = late.HoldNext(test);
        var claiming = transaction.ClaimAsync(Handles, name, note);
        await onItsWay;
        await test.SqlAsync(test.Shards[1], "UPDATE shard SET state=0");
        await Eventually.EndsAsync(claiming, time);
        (await Should.ThrowAsync<PinfoldException>(() => claiming)).Kind.ShouldBe(ErrorKind.OutcomeUnknown);
        await test.SqlAsync(test.Shards[1], "UPDATE shard SET state=1");
        return (transaction, note);
    }

    static async Task<(TestStore Test, FakeTimeProvider Time, LateCommit Late)> StartAsync(
        string engine, MemoryCache? cache = null)
    {
        var (time, late) = (new FakeTimeProvider(TimeProvider.System.GetUtcNow()), new LateCommit());
        var test = await TestStore.StartAsync(engine,
            new()
            {
                Shards = 2,
                Time = time,
                Cache = cache,
                Around = engine == TestShards.Sqlite ? late.Around : null,
            });
        return (test, time, late);
    }

    /// <summary>
    /// A commit that is held up: behind a proxy where the server is one, else within the process.
    /// </summary>
    sealed class LateCommit
    {
        LateServer? _server;
        ArmedCut? _cut;

        public LateServer Around(Sharding.Engines.IShardServer server) => _server = new LateServer(server);

        public Task HoldNext(TestStore test)
        {
            if (_server is not null)
                return _server.HoldNextAsync();
            _cut = test.Proxy.Cut(CutPoint.BeforeCommand() with
            {
                Matching = NoteWriter.IsCommit,
                ServerSideStaysOpen = true,
                IsDeliveredLater = true,
            });
            return _cut.Done;
        }

        public Task DeliverAsync() => _server?.DeliverAsync() ?? _cut!.DeliverAsync();
    }
}
