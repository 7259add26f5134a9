using Microsoft.Extensions.Time.Testing;
using Pinfold.Sharding.Commits;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Tests.Faults;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Store.StoreModel;

namespace Pinfold.Sharding.Tests.Store;

/// <summary>Names that are claimed by transactions which the application has named, and which several try.</summary>
public sealed class NamedClaimTests
{
    readonly TransactionId _id = TransactionId.FromKey($"{Guid.NewGuid()}");

    [Theory, EveryEngine]
    public async Task AnAttemptThatFailsTakesNoNameFromTheOneThatSucceededUnderItsId(string engine)
    {
        await using var test = await TestStore.StartAsync(engine, new() { Shards = 2 });
        var name = test.NewName(on: test.Shards[1]);
        var (first, note) = await ClaimAsync(test, name);
        await first.CommitAsync();

        var (abandoned, _) = await ClaimAsync(test, name);
        await abandoned.AbandonAsync();
        var (other, _) = await ClaimAsync(test, name);
        other.Say("more than the first");
        (await Should.ThrowAsync<PinfoldException>(() => other.CommitAsync())).Kind.ShouldBe(ErrorKind.Conflict);
        var (cancelled, _) = await ClaimAsync(test, name);
        await Should.ThrowAsync<OperationCanceledException>(
            () => cancelled.CommitAsync(new CancellationToken(canceled: true)));

        await IsOwnedByAsync(test, name, note.Id);
    }

    [Theory, EveryEngine]
    public async Task OfTwoAtOnceTheOneWhoseCallbackThrowsTakesNothingFromTheOther(string engine)
    {
        await using var test = await TestStore.StartAsync(engine, new() { Shards = 2 });
        for (var round = 0; round < 10; round++)
        {
            var (name, id) = (test.NewName(on: test.Shards[1]), TransactionId.FromKey($"{Guid.NewGuid()}"));
            var good = test.Store.WriteAsync(test.Shard, id, (t, token) =>
                t.ClaimAsync(Handles, name, t.Create(new Note(name)), token));
            var bad = test.Store.WriteAsync(test.Shard, id, async (t, token) =>
            {
                await t.ClaimAsync(Handles, name, t.Create(new Note(name)), token);
                throw new TimeoutException("of the application's own");
            });

            var written = (await good).ShouldNotBeNull();
            try
            {
                await bad;
            }
            catch (TimeoutException)
            {
            }

            await IsOwnedByAsync(test, name, written.Created<Note>().ShouldHaveSingleItem());
        }
    }

    [Theory, EveryEngine]
    public async Task WhatAnAttemptThatWasGivenUpHasReservedIsNoObstacleToTheNext(string engine)
    {
        await using var test = await TestStore.StartAsync(engine, new() { Shards = 2 });
        var name = test.NewName(on: test.Shards[1]);
        await ClaimAsync(test, name);
        (await test.Store.ResolveAsync(test.Shard, _id)).ShouldBeNull("it died before its commit");

        var written = await test.Store.WriteAsync(test.Shard, _id, (t, token) =>
            t.ClaimAsync(Handles, name, t.Create(new Note(name)), token));

        written.ShouldNotBeNull().Transaction.ShouldBe(_id.Next());
        await IsOwnedByAsync(test, name, written.Created<Note>().ShouldHaveSingleItem());
    }

    [Theory, EveryEngine]
    public async Task AWriteThatIsGivenUpBeforeItsCommitGoesOnUnderTheNextId(string engine)
    {
        await using var test = await TestStore.StartAsync(engine);
        var runs = 0;

        var written = await test.Store.WriteAsync(test.Shard, _id, async (t, _) =>
        {
            t.Create(new Note("once"));
            if (runs++ == 0)
                (await test.Store.ResolveAsync(test.Shard, _id)).ShouldBeNull();
        });

        written.ShouldNotBeNull().Transaction.ShouldBe(_id.Next());
        runs.ShouldBe(2);
    }

    [Fact]
    public async Task ANameIsClaimedForOneObjectAndOnce()
    {
        await using var test = await TestStore.StartAsync(TestShards.Sqlite);
        var (name, transaction) = (test.NewName(on: test.Shard), test.Store.Begin(test.Shard));
        var (one, two) = (transaction.Create(new Note("one")), transaction.Create(new Note("two")));
        await transaction.ClaimAsync(Handles, name, one);
        await transaction.ClaimAsync(Handles, name, one);

        var same = await Should.ThrowAsync<PinfoldException>(() => transaction.ClaimAsync(Handles, name, two));

        same.Kind.ShouldBe(ErrorKind.Invalid);
        same.Message.ShouldContain("for another object already");
    }

    /// <summary>What it had claimed is given back afterwards, or by the reaper.</summary>
    [Fact]
    public async Task AWriteThatIsNotSentIsToldSoInTimeThoughItsNamesCannotBeGivenBack()
    {
        var (time, server) = (new FakeTimeProvider(TimeProvider.System.GetUtcNow()), default(LateServer));
        await using var test = await TestStore.StartAsync(TestShards.Sqlite, new()
        {
            Time = time,
            Commits = CommitLimits.Default with { Lanes = 1, LanesAtOnce = 1 },
            Around = inner => server = new LateServer(inner),
        });
        var (name, transaction) = (test.NewName(on: test.Shard), test.Store.Begin(test.Shard));
        await transaction.ClaimAsync(Handles, name, transaction.Create(new Note("waits")));
        server!.FallSilent();
        var before = test.Store.Begin(test.Shard);
        before.Create(new Note("is under way"));
        _ = before.CommitAsync();
        await Eventually.HoldsAsync(() => server.Unanswered > 0);
        var begun = time.GetUtcNow();

        var committing = transaction.CommitAsync();
        await Eventually.EndsAsync(committing, time);
        var took = time.GetUtcNow() - begun;
        server.Speak();

        (await Should.ThrowAsync<PinfoldException>(() => committing)).Kind.ShouldBe(ErrorKind.DeadlineExceeded);
        took.ShouldBeLessThan(TimeSpan.FromSeconds(15), "ten were promised");
    }

    async Task<(Transaction Transaction, NewObject<Note> Note)> ClaimAsync(TestStore test, string name)
    {
        var transaction = test.Store.Begin(test.Shard, _id);
        var note = transaction.Create(new Note(name));
        await transaction.ClaimAsync(Handles, name, note);
        return (transaction, note);
    }

    static async Task IsOwnedByAsync(TestStore test, string name, ObjectId<Note> owner)
    {
        (await test.Store.Names.FindOwnerAsync(Handles, name)).ShouldBe(owner.Untyped);
        var rival = test.Store.Begin(test.Shard);
        var error = await Should.ThrowAsync<PinfoldException>(
            () => rival.ClaimAsync(Handles, name, rival.Create(new Note("rival"))));
        error.Kind.ShouldBe(ErrorKind.Conflict);
    }
}
