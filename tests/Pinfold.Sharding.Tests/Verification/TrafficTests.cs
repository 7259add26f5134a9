using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Tests.Following;
using Pinfold.Sharding.Verification;
using Pinfold.Testing;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Engines.StorageModel;

namespace Pinfold.Sharding.Tests.Verification;

/// <summary>A fleet that is right is found right, whatever is written to it meanwhile.</summary>
public sealed class TrafficTests(ITestOutputHelper output)
{
    static int WritesOfEach => Soak.Times(60, 3000);

    [Theory, EveryEngine]
    public async Task NothingIsFoundWhileEverythingIsWritten(string engine)
    {
        var random = Seed.Take(output.WriteLine).NewRandom();
        await using var verified = await VerifiedFleet.StartAsync(engine);
        var writers = Enumerable.Range(0, 4).Select(i => random.Next()).Select(
            seed => Task.Run(() => WriteAsync(verified, new Random(seed)))).ToList();
        var all = Task.WhenAll(writers);
        do
        {
            var report = await verified.VerifyAsync();
            report.Shards.SelectMany(shard => shard.Findings).ShouldBeEmpty();
        }
        while (!all.IsCompleted);
        await all;
        string[] idle = [VerifyChecks.Marks, VerifyChecks.Replicas];
        (await verified.VerifyAsync()).Shards.SelectMany(shard => shard.Checks)
            .Where(check => !idle.Contains(check.Name)).ShouldAllBe(check => check.LookedAt > 0);
    }

    [Theory, EveryEngine]
    public async Task WhatFollowersHaveYetToDoIsNoFault(string engine)
    {
        await using var verified = await VerifiedFleet.StartAsync(engine, isFollowed: false, shards: 2);
        var report = await verified.VerifyAsync(TimeSpan.Zero);
        report.Faults.ShouldBe(0);
        // Each of four boards follows three, and has claimed a name.
        report.NotJudged.ShouldBe((4 * 3) + 4);
    }

    [Fact]
    public async Task ManyEntriesAreLookedUpInFewRoundTrips()
    {
        await using var verified = await VerifiedFleet.StartAsync(TestShards.Sqlite, shards: 2);
        var making = verified.Store.Begin(new ShardId(1));
        var boards = Enumerable.Range(0, 600).Select(i => making.Create(new Board($"{i}"))).ToList();
        await making.CommitAsync();
        var following = verified.Store.Begin(new ShardId(0));
        foreach (var board in boards)
            following.Put(BoardFollowsBoards, verified.Boards[0], board.Id, 1);
        await following.CommitAsync();
        await verified.Host!.DrainAsync();
        var trips = 0;
        var store = verified.Fleet.NewStore(model: VerifiedFleet.Model, around: server =>
            new HookedServer(server, afterRead: _ =>
            {
                Interlocked.Increment(ref trips);
                return ValueTask.CompletedTask;
            }));

        var report = await verified.NewVerifier(store).VerifyAsync([new ShardId(0)], new VerifyOptions());

        report.Faults.ShouldBe(0);
        report.Shards[0].Checks.Single(check => check.Name == VerifyChecks.Forward).LookedAt.ShouldBe(600 + 6);
        trips.ShouldBeLessThan(20);
    }

    [Fact]
    public async Task WhoEndsItHearsWhatWasFoundSoFar()
    {
        await using var verified = await VerifiedFleet.StartAsync(TestShards.Sqlite);
        using var end = new CancellationTokenSource();
        var report = await verified.Verifier.VerifyAsync(
            [.. verified.Fleet.Shards], new VerifyOptions(), new EndsAt(2, end), end.Token);
        report.IsWhole.ShouldBeFalse();
        report.Shards.Count.ShouldBeInRange(2, 3);
        report.Shards[1].Checks.Single(check => check.Name == VerifyChecks.Counts).LookedAt.ShouldBeGreaterThan(0);
    }

    static async Task WriteAsync(VerifiedFleet verified, Random random)
    {
        for (var i = 0; i < WritesOfEach; i++)
        {
            var (from, to) = (Any(verified.Boards), Any(verified.Boards));
            var transaction = verified.Store.Begin(from.Shard);
            switch (random.Next(5))
            {
                case 0:
                    transaction.Remove(BoardFollowsBoards, from, to);
                    break;
                case 1:
                    transaction.Put(BoardHasPins, from, transaction.Create(new Pin("new")), random.Next());
                    break;
                case 2:
                    transaction.Remove(BoardHasPins, from, Any(verified.Pins));
                    break;
                case 3:
                    var named = transaction.Create(new Board("named"));
                    await transaction.ClaimAsync(Fleet.UserName, $"{Guid.NewGuid()}", named);
                    break;
                default:
                    transaction.Put(BoardFollowsBoards, from, to, random.Next(100));
                    break;
            }
            await transaction.CommitAsync();
        }

        T Any<T>(List<T> of) => of[random.Next(of.Count)];
    }

    sealed class EndsAt(int shards, CancellationTokenSource end) : IProgress<int>
    {
        public void Report(int value)
        {
            if (value == shards)
                end.Cancel();
        }
    }
}
