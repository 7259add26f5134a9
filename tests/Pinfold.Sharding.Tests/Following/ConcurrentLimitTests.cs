using Pinfold.Sharding.Following;
using Pinfold.Sharding.Tests.Engines;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Following;

/// <summary>
/// How many transactions are in flight, of a shard and of all, and that no shard waits for another's.
/// </summary>
public sealed class ConcurrentLimitTests
{
    static readonly ShardId First = new(0), Second = new(1), Third = new(2);

    static readonly FollowerOptions Options = new() { Lease = TimeSpan.FromHours(10), Renew = TimeSpan.FromHours(1) };

    [Theory, EveryEngine]
    public async Task AShardWithMuchInFlightOccupiesNoWorker(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 2);
        var (store, held) = (fleet.NewStore(), new Held());
        var follower = new ConcurrentRecorder(
            3, (t, _, c) => t.Shard == First ? held.WaitAsync(t.Shard, t.Seq, c) : Task.CompletedTask)
        { ShardsAtOnceMax = 1 };
        for (var i = 0; i < 5; i++)
            await Fleet.WriteAsync(store, First);
        var host = await fleet.StartHostAsync(Options, [follower], store);
        await Eventually.BecomesAsync(() => follower.BegunOf(First).Count == 3, "the first shard has all it may have");

        for (var i = 0; i < 5; i++)
            await Fleet.WriteAsync(store, Second);
        await Eventually.BecomesAsync(() => follower.Of(Second).Count == 5, "the second shard is handled");
        follower.BegunOf(First).Order().ShouldBe([1, 2, 3]);
        held.LetGo(First, 1, 2, 3, 4, 5);
        await host.DrainAsync();

        follower.Of(First).Order().ShouldBe([1, 2, 3, 4, 5]);
    }

    [Theory]
    [InlineData(null, 5)]
    [InlineData(8, 8)]
    public async Task NoMoreIsBegunThanACrashMayRepeat(int? ofFollower, int finishedMax)
    {
        await using var fleet = await Fleet.StartAsync(TestShards.Sqlite, shards: 1);
        var (store, held) = (fleet.NewStore(), new Held());
        var follower = new ConcurrentRecorder(
            2, (t, _, c) => t.Seq == 1 ? held.WaitAsync(t.Shard, t.Seq, c) : Task.CompletedTask)
        { CursorTransactionsMax = ofFollower };
        for (var i = 0; i < 20; i++)
            await Fleet.WriteAsync(store, First);

        var host = await fleet.StartHostAsync(Options with { CursorTransactionsMax = 5 }, [follower], store);
        await Eventually.BecomesAsync(() => follower.Of(First).Count == finishedMax, "so many are finished");
        (await fleet.CursorAsync(store, First, "recorder")).ShouldBe(0);
        follower.BegunOf(First).Count.ShouldBe(1 + finishedMax);
        held.LetGo(First, 1);
        await host.DrainAsync();

        follower.BegunOf(First).Count.ShouldBe(20);
    }

    [Fact]
    public async Task PlacesThatBecomeFreeGoRoundAndAShardWithNoneInFlightWaitsForNone()
    {
        await using var fleet = await Fleet.StartAsync(TestShards.Sqlite, shards: 3);
        var (store, held) = (fleet.NewStore(), new Held());
        var follower = new ConcurrentRecorder(100, (t, _, c) => held.WaitAsync(t.Shard, t.Seq, c));
        var host = await fleet.StartHostAsync(Options with { TransactionsInFlightMax = 4 }, [follower], store);
        foreach (var (shard, has) in new[] { (First, 4), (Second, 1), (Third, 1) })
        {
            for (var i = 0; i < 10; i++)
                await Fleet.WriteAsync(store, shard);
            await Eventually.BecomesAsync(() => follower.BegunOf(shard).Count == has, $"it has {has} in flight");
        }

        held.LetGo(First, 1, 2);
        await Eventually.BecomesAsync(() => follower.Ended.Count == 2, "two have ended, and there are four still");
        follower.Begun.Count.ShouldBe(6);
        for (var i = 0; i < 12; i++)
        {
            var (shard, seq) = follower.Begun.Except(follower.Ended).First();
            held.LetGo(shard, seq);
            await Eventually.BecomesAsync(() => follower.Begun.Count == 7 + i, "another is begun");
        }
        // Who has just taken one stands in the queue again a moment later: turns are fair, not counted out.
        var turns = follower.Begun.Skip(6).GroupBy(b => b.Shard).Select(shard => shard.Count()).ToList();
        turns.Count.ShouldBe(3);
        turns.ShouldAllBe(count => count >= 2, "of twelve, four each");

        foreach (var shard in fleet.Shards)
            held.LetGo(shard, Enumerable.Range(1, 10).Select(seq => (long)seq));
        await host.DrainAsync();
        follower.Ended.Distinct().Count().ShouldBe(30);
        follower.MostInFlight.ShouldBe(6, "four, and one each for the two that came later");
    }
}
