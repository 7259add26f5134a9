using System.Diagnostics;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Telemetry;
using Pinfold.Sharding.Tests.Engines;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Following;

/// <summary>What a follower is given, and when again.</summary>
public sealed class FollowerTests
{
    static readonly FollowerOptions Long = new() { Lease = TimeSpan.FromMinutes(10) };

    [Theory, EveryEngine]
    public async Task EveryFollowerIsGivenEachShardsTransactionsInOrder(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 16);
        var (store, first, second) = (fleet.NewStore(), new Recorder("first"), new Recorder("second"));
        await WriteAllAsync(fleet, store, rounds: 2);

        var host = await fleet.StartHostAsync(Long, [first, second], store);
        await WriteAllAsync(fleet, store, rounds: 3);
        var left = new List<long>();
        await host.DrainAsync(new Reported(left));

        foreach (var shard in fleet.Shards)
        {
            first.Of(shard).ShouldBe([1, 2, 3, 4, 5]);
            second.Of(shard).ShouldBe([1, 2, 3, 4, 5]);
        }
        left[^1].ShouldBe(0);
        host.FollowedShards("first").ShouldBe(fleet.Shards);
        host.FollowedShards("second").ShouldBe(fleet.Shards);
    }

    /// <summary>Every idle worker wakes for a shard that has something, and all but one find it taken.</summary>
    [Theory, EveryEngine]
    public async Task WorkersThatFindNothingLeftToDoGoOnWhileTheyAreTraced(string engine)
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ShardingTelemetry.Name,
            Sample = (ref _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        await using var fleet = await Fleet.StartAsync(engine);
        var (store, shard, follower) = (fleet.NewStore(), new ShardId(0), new Recorder());
        await fleet.StartHostAsync(Long, [follower], store);

        for (var round = 1; round <= 30; round++)
        {
            await Fleet.WriteAsync(store, shard);
            await Eventually.BecomesAsync(() => follower.Of(shard).Contains(round), $"round {round} is handled");
        }
    }

    [Theory, EveryEngine]
    public async Task WhatWasHandledBeforeACrashAndNotWrittenDownIsHandledAgain(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 2);
        var (store, shard, follower) = (fleet.NewStore(), new ShardId(1), new Recorder());
        var options =
            Long with
            {
                Lease = TimeSpan.FromSeconds(2),
                CursorWrite = TimeSpan.FromHours(1),
                Renew = TimeSpan.FromSeconds(0.5)
            };
        var crashing = await fleet.StartHostAsync(options, [follower], store);
        for (var i = 0; i < 5; i++)
            await Fleet.WriteAsync(store, shard);
        await Eventually.BecomesAsync(() => follower.Of(shard).Contains(5), "the crashing host handles everything");

        await crashing.DisposeAsync();
        (await fleet.CursorAsync(store, shard, "recorder")).ShouldBe(0);
        var again = new Recorder();
        var host = await fleet.StartHostAsync(options with { CursorWrite = TimeSpan.FromMilliseconds(50) }, [again]);
        await host.DrainAsync();

        again.Of(shard).ShouldBe([1, 2, 3, 4, 5]);
        (await fleet.CursorAsync(store, shard, "recorder")).ShouldBe(5);
    }

    [Theory, EveryEngine]
    public async Task AHostThatStopsInGoodOrderLeavesNothingToDoAgain(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine);
        var (store, first, second) = (fleet.NewStore(), new Recorder(), new Recorder());
        var options = Long with { CursorWrite = TimeSpan.FromHours(1) };
        await WriteAllAsync(fleet, store, rounds: 3);
        var stopping = await fleet.StartHostAsync(options, [first]);
        await Eventually.BecomesAsync(() => first.Handled.Count == 12, "everything is handled");

        await stopping.StopAsync();
        var host = await fleet.StartHostAsync(Long, [second], store);
        await WriteAllAsync(fleet, store, rounds: 1);
        await host.DrainAsync();

        foreach (var shard in fleet.Shards)
            second.Of(shard).ShouldBe([4]);
    }

    [Theory, EveryEngine]
    public async Task StoppingWaitsForTheTransactionInHandUnlessTold(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 2);
        var (store, shard) = (fleet.NewStore(), new ShardId(0));
        var (entered, mayEnd) = (new TaskCompletionSource(), new TaskCompletionSource());
        var follower = new Recorder(before: async (_, cancellation) =>
        {
            entered.TrySetResult();
            await mayEnd.Task.WaitAsync(cancellation);
        });
        var host = await fleet.StartHostAsync(Long, [follower], store);
        await Fleet.WriteAsync(store, shard);
        await entered.Task;

        var stopping = host.StopAsync();
        stopping.IsCompleted.ShouldBeFalse();
        mayEnd.SetResult();
        await stopping;

        (await fleet.CursorAsync(store, shard, "recorder")).ShouldBe(1);
    }

    [Theory, EveryEngine]
    public async Task AFollowerThatStartsAtTheEndIsNotGivenWhatWasThere(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 2);
        var (store, old, young) = (fleet.NewStore(), new Recorder("old"), new Recorder("young") { StartsAtEnd = true });
        await WriteAllAsync(fleet, store, rounds: 2);

        var host = await fleet.StartHostAsync(Long, [old, young], store);
        await Eventually.BecomesAsync(() => old.Handled.Count == 4, "the shards are followed");
        await WriteAllAsync(fleet, store, rounds: 1);
        await host.DrainAsync();

        foreach (var shard in fleet.Shards)
            young.Of(shard).ShouldBe([3]);
    }

    [Fact]
    public async Task ABadOrDoubleNameOfAFollowerIsRefused()
    {
        await using var fleet = await Fleet.StartAsync(TestShards.Sqlite, shards: 1);
        var store = fleet.NewStore();

        Should.Throw<PinfoldException>(() =>
            new FollowerHost(store, [new Recorder("it's")])).Message.ShouldContain("lower case");
        Should.Throw<PinfoldException>(() =>
            new FollowerHost(store, [new Recorder("a"), new Recorder("a")])).Message.ShouldContain("called a");
    }

    static async Task WriteAllAsync(Fleet fleet, ShardedStore store, int rounds)
    {
        for (var i = 0; i < rounds; i++)
            await Task.WhenAll(fleet.Shards.Select(shard => Fleet.WriteAsync(store, shard)));
    }

    sealed class Reported(List<long> values) : IProgress<long>
    {
        public void Report(long value) => values.Add(value);
    }
}
