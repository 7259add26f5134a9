using Microsoft.Extensions.Time.Testing;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Tests.Engines;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Engines.StorageModel;

namespace Pinfold.Sharding.Tests.Following;

/// <summary>What a follower is given side by side, and where its cursor stands meanwhile.</summary>
public sealed class ConcurrentFollowerTests
{
    static readonly ShardId Shard = new(0);
    static readonly FollowerOptions Options = new() { Lease = TimeSpan.FromHours(10), Renew = TimeSpan.FromHours(1) };

    [Theory, EveryEngine]
    public async Task TransactionsOfAShardAreHandledSideBySideEachOnce(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 2);
        var (store, all, inside) = (fleet.NewStore(), new TaskCompletionSource(), 0);
        var follower = new ConcurrentRecorder(20, async (_, _, cancellation) =>
        {
            if (Interlocked.Increment(ref inside) == 20)
                all.SetResult();
            await all.Task.WaitAsync(cancellation);
        });
        await WriteAsync(store, 40);

        var host = await fleet.StartHostAsync(Options with { BatchTransactions = 7 }, [follower], store);
        await host.DrainAsync();

        follower.Of(Shard).Order().ShouldBe(Seqs(1, 40));
        follower.BegunOf(Shard).Count.ShouldBe(40);
        follower.MostInFlight.ShouldBe(20);
        (await fleet.CursorAsync(store, Shard, "recorder")).ShouldBe(40);
    }

    [Theory, EveryEngine]
    public async Task WhatIsNewBeginsWhileOthersAreInFlightAndTheCursorWaitsForThese(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 2);
        var (store, held) = (fleet.NewStore(), new Held());
        var follower = new ConcurrentRecorder(
            10, (t, _, c) => t.Seq is 1 or 4 ? held.WaitAsync(t.Shard, t.Seq, c) : Task.CompletedTask);
        using var measured = new Measured("recorder");
        var options = Options with { CursorWrite = TimeSpan.FromMilliseconds(10) };
        var host = await fleet.StartHostAsync(options, [follower], store);
        await WriteAsync(store, 2);
        await Eventually.BecomesAsync(() => follower.Of(Shard) is [2], "the second is handled");
        await WriteAsync(store, 3);
        await Eventually.BecomesAsync(() => follower.Of(Shard).Count == 3, "so are the third and the fifth");

        await Eventually.BecomesAsync(() => measured["pinfold.follower.lag"] == 2, "two are before it");
        (await fleet.CursorAsync(store, Shard, "recorder")).ShouldBe(0);
        held.LetGo(Shard, 1);
        await Eventually.BecomesAsync(
            async () => await fleet.CursorAsync(store, Shard, "recorder") == 3, "it goes to the next in flight");
        held.LetGo(Shard, 4);
        await host.DrainAsync();

        follower.BegunOf(Shard).Order().ShouldBe(Seqs(1, 5));
        (await fleet.CursorAsync(store, Shard, "recorder")).ShouldBe(5);
    }

    [Theory, EveryEngine]
    public async Task WhatConcernsOneObjectStaysInOrderAndKeepsNothingElseBack(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 2);
        var (store, held) = (fleet.NewStore(), new Held());
        var follower = new ConcurrentRecorder(
            10, (t, _, c) => t.Seq == 1 ? held.WaitAsync(t.Shard, t.Seq, c) : Task.CompletedTask)
        { Interests = new() { Types = [Pin.Type] } };
        var pin = await CreateAsync(store);
        await UpdateAsync(store, pin);
        await WriteAsync(store, 1);
        await UpdateAsync(store, pin);

        var host = await fleet.StartHostAsync(Options, [follower], store);
        await WriteAsync(store, 1);
        await Eventually.BecomesAsync(() => follower.BegunOf(Shard).Contains(1) && follower.Of(Shard).Count == 2,
            "the first is held, and the two that do not concern its object are handled");
        follower.BegunOf(Shard).Order().ShouldBe([1, 3, 5]);
        held.LetGo(Shard, 1);
        await host.DrainAsync();

        follower.Of(Shard).Where(seq => seq is not (3 or 5)).ShouldBe([1, 2, 4]);
    }

    [Fact]
    public async Task AnObjectThatIsOfNoInterestOrdersNothing()
    {
        await using var fleet = await Fleet.StartAsync(TestShards.Sqlite, shards: 1);
        var (store, held) = (fleet.NewStore(), new Held());
        var follower = new ConcurrentRecorder(
            10, (t, _, c) => t.Seq == 2 ? held.WaitAsync(t.Shard, t.Seq, c) : Task.CompletedTask)
        { Interests = new() { Types = [Board.Type] } };
        var pin = await CreateAsync(store);
        for (var i = 0; i < 2; i++)
            await UpdateAsync(store, pin, transaction => transaction.Create(new Board("Fruit")));

        var host = await fleet.StartHostAsync(Options, [follower], store);
        await Eventually.BecomesAsync(() => follower.Of(Shard).Contains(3), "the third is handled before the second");
        held.LetGo(Shard, 2);
        await host.DrainAsync();

        follower.Of(Shard).ShouldBe([3, 2]);
    }

    [Theory, EveryEngine]
    public async Task OneThatFailsIsParkedInTheMiddleAndThePrefixPassesIt(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 2);
        var (store, mayPass) = (fleet.NewStore(), false);
        var follower = new ConcurrentRecorder(10, (t, _, _) => t.Seq == 2 && !Volatile.Read(ref mayPass)
            ? throw new InvalidOperationException("not yet") : Task.CompletedTask);
        await WriteAsync(store, 4);

        var host = await fleet.StartHostAsync(
            Options with { ParkedRetryFirst = TimeSpan.FromHours(1) }, [follower], store);
        await host.DrainAsync();
        follower.Of(Shard).Order().ShouldBe([1, 3, 4]);
        follower.BegunOf(Shard).Count(seq => seq == 2).ShouldBe(3);
        (await host.Parked.ListAsync()).ShouldHaveSingleItem().Seq.ShouldBe(2);
        (await fleet.CursorAsync(store, Shard, "recorder")).ShouldBe(4);

        Volatile.Write(ref mayPass, true);
        (await host.Parked.RetryNowAsync(Shard, "recorder", 2)).ShouldBeTrue();
        await Eventually.BecomesAsync(() => follower.Of(Shard).Contains(2), "it is handled in the end");
    }

    [Fact]
    public async Task ThatEveryTransactionFailsParksNoMoreThanMayBe()
    {
        await using var fleet = await Fleet.StartAsync(TestShards.Sqlite, shards: 1);
        var (store, mayPass) = (fleet.NewStore(), false);
        var follower = new ConcurrentRecorder(10, (_, _, _) => Volatile.Read(ref mayPass)
            ? Task.CompletedTask : throw new InvalidOperationException("not yet"));
        await WriteAsync(store, 10);
        var host = await fleet.StartHostAsync(
            Options with { ParkedMax = 2, AttemptsBeforeParking = 1, ParkedRetryFirst = TimeSpan.FromHours(1) },
            [follower], store);
        await Eventually.BecomesAsync(() => follower.Begun.Count > 20, "they are tried again");

        (await host.Parked.ListAsync()).Count.ShouldBe(2);
        Volatile.Write(ref mayPass, true);
        await host.DrainAsync();
        follower.Of(Shard).Count.ShouldBe(8);
    }

    [Fact]
    public async Task OneThatWaitsParksNothingAndIsTriedAgain()
    {
        await using var fleet = await Fleet.StartAsync(TestShards.Sqlite, shards: 1);
        var (store, mayPass) = (fleet.NewStore(), false);
        var follower = new ConcurrentRecorder(10, (t, _, _) => t.Seq != 2 || Volatile.Read(ref mayPass)
            ? Task.CompletedTask : throw new FollowerWaitsException("down", new InvalidOperationException()));
        await WriteAsync(store, 3);
        var host = await fleet.StartHostAsync(Options with { AttemptsBeforeParking = 1 }, [follower], store);
        await Eventually.BecomesAsync(
            () => follower.BegunOf(Shard).Count(seq => seq == 2) > 1, "it is tried again");

        follower.Of(Shard).Order().ShouldBe([1, 3]);
        Volatile.Write(ref mayPass, true);
        await host.DrainAsync();
        follower.Of(Shard).Order().ShouldBe([1, 2, 3]);
        (await host.Parked.ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task ARowThatCannotBeReadIsParkedAndTheRestGoesOn()
    {
        await using var fleet = await Fleet.StartAsync(TestShards.Sqlite, shards: 1);
        var (store, follower) = (fleet.NewStore(), new ConcurrentRecorder(10));
        await WriteAsync(store, 3);
        await fleet.SqlAsync(Shard, "UPDATE journal SET entries=x'5b7b' WHERE seq=2");

        var host = await fleet.StartHostAsync(Options, [follower], store);
        await host.DrainAsync();

        follower.Of(Shard).Order().ShouldBe([1, 3]);
        (await host.Parked.ListAsync("recorder")).ShouldHaveSingleItem().Seq.ShouldBe(2);
    }

    [Fact]
    public async Task AnEntryOfANewerProgramWaitsAtTheCursorUntilAllBeforeItIsHandled()
    {
        await using var fleet = await Fleet.StartAsync(TestShards.Sqlite, shards: 1);
        var (store, held) = (fleet.NewStore(), new Held());
        var follower = new ConcurrentRecorder(10, (t, _, c) => held.WaitAsync(t.Shard, t.Seq, c));
        await WriteAsync(store, 4);
        await fleet.SqlAsync(Shard, "UPDATE journal SET entries='[{\"k\":\"like\"}]' WHERE seq=3");

        var host = await fleet.StartHostAsync(
            Options with { Renew = TimeSpan.FromMilliseconds(100) }, [follower], store);
        await Eventually.BecomesAsync(() => follower.BegunOf(Shard).Count == 2, "both before it are in flight");
        held.LetGo(Shard, 2);
        await Eventually.BecomesAsync(() => follower.Of(Shard) is [2], "one has ended");
        host.Waiting.ShouldNotContain(w => w.Follower == "recorder");
        held.LetGo(Shard, 1);
        await Eventually.BecomesAsync(() => host.FollowedShards("recorder").Count == 0, "it is left to others");

        host.Waiting.Where(w => w.Follower == "recorder")
            .ShouldBe([new WaitingFollower("recorder", Shard, 3, "like")]);
        follower.Of(Shard).ShouldBe([2, 1]);
        (await fleet.CursorAsync(store, Shard, "recorder")).ShouldBe(2);
    }

    [Fact]
    public async Task APauseIsNoPartOfTheTimeThatHandlingMayTake()
    {
        await using var fleet = await Fleet.StartAsync(TestShards.Sqlite, shards: 1);
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000));
        var (store, turn, isAtWork) = (fleet.NewStore(time), new TaskCompletionSource(), new TaskCompletionSource());
        var follower = new ConcurrentRecorder(10, async (_, pause, cancellation) =>
        {
            await pause.WaitAsync(token => turn.Task.WaitAsync(token));
            isAtWork.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        });
        await WriteAsync(store, 1);
        var host = await fleet.StartHostAsync(
            Options with { HandlingMax = TimeSpan.FromMinutes(1), AttemptsBeforeParking = 1 }, [follower], store);
        await Eventually.BecomesAsync(() => follower.Begun.Count == 1, "it waits for its turn");

        time.Advance(TimeSpan.FromMinutes(30));
        turn.SetResult();
        await isAtWork.Task;
        (await host.Parked.ListAsync()).ShouldBeEmpty();
        time.Advance(TimeSpan.FromMinutes(2));
        await Eventually.BecomesAsync(async () => (await host.Parked.ListAsync()).Count == 1, "its time is up");

        (await host.Parked.ListAsync()).Single().Reason.ShouldContain("within 60 s");
    }

    [Fact]
    public async Task ALimitThatIsNoneOrASecondKindOfFollowerIsRefused()
    {
        await using var fleet = await Fleet.StartAsync(TestShards.Sqlite, shards: 1);
        var store = fleet.NewStore();

        foreach (var wrong in (int[])[0, 10_001])
            Should.Throw<PinfoldException>(() => new FollowerHost(store, [new ConcurrentRecorder(wrong)]))
                .Message.ShouldContain("1 to 10,000");
        Should.Throw<PinfoldException>(() => new FollowerHost(
            store, [new ConcurrentRecorder(1) { CursorTransactionsMax = 0 }])).Message.ShouldContain("1 to 1,000,000");
        Should.Throw<PinfoldException>(() => new FollowerHost(store, [new Both()]))
            .Message.ShouldContain("one of them");
        Should.Throw<PinfoldException>(() => new FollowerHost(
            store, [], Options with { TransactionsInFlightMax = 0 })).Kind.ShouldBe(ErrorKind.Invalid);
    }

    static IEnumerable<long> Seqs(int first, int count) => Enumerable.Range(first, count).Select(seq => (long)seq);

    static async Task WriteAsync(ShardedStore store, int transactions)
    {
        for (var i = 0; i < transactions; i++)
            await Fleet.WriteAsync(store, Shard);
    }

    static async Task<ObjectId<Pin>> CreateAsync(ShardedStore store)
    {
        var transaction = store.Begin(Shard);
        var pin = transaction.Create(new Pin("Quince"));
        await transaction.CommitAsync();
        return pin.Id;
    }

    static async Task UpdateAsync(ShardedStore store, ObjectId<Pin> pin, Action<Transaction>? more = null)
    {
        var transaction = store.Begin(Shard);
        transaction.Update(await store.GetAsync(pin));
        more?.Invoke(transaction);
        await transaction.CommitAsync();
    }

    sealed class Both : IConcurrentFollower, IBatchFollower
    {
        public string Name => "both";

        public ValueTask HandleAsync(
            JournalTransaction transaction, FollowerPause pause, CancellationToken cancellation) => default;

        public ValueTask HandleAsync(
            IReadOnlyList<JournalTransaction> batch, CancellationToken cancellation) => default;

        ValueTask IFollower.HandleAsync(JournalTransaction transaction, CancellationToken cancellation) => default;
    }
}
