using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Following;

/// <summary>What becomes of transactions in flight when their process ends, or has the shard no more.</summary>
public sealed class ConcurrentEndTests(ITestOutputHelper output)
{
    static readonly ShardId Shard = new(0);

    static readonly FollowerOptions Long =
        new() { Lease = TimeSpan.FromMinutes(10), Renew = TimeSpan.FromMilliseconds(300) };

    [Theory, EveryEngine]
    public async Task StoppingFinishesWhatIsHandledAndLeavesWhatWaitsForItsTurn(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 2);
        var (store, held) = (fleet.NewStore(), new Held());
        // 2 and 5 wait for a turn, 7 finds no room.
        var first = new ConcurrentRecorder(6, (t, pause, c) => t.Seq is 2 or 5
            ? pause.WaitAsync(token => Task.Delay(Timeout.InfiniteTimeSpan, token))
            : held.WaitAsync(t.Shard, t.Seq, c));
        for (var i = 0; i < 7; i++)
            await Fleet.WriteAsync(store, Shard);
        var stopping = await fleet.StartHostAsync(
            Long with { CursorWrite = TimeSpan.FromHours(1), AttemptsBeforeParking = 1 }, [first], store);
        await Eventually.BecomesAsync(() => first.Begun.Count == 6, "six are in flight");

        var stop = stopping.StopAsync();
        held.LetGo(Shard, 3, 4, 6);
        stop.IsCompleted.ShouldBeFalse();
        held.LetGo(Shard, 1);
        await stop;
        first.Of(Shard).Order().ShouldBe([1, 3, 4, 6]);
        (await fleet.CursorAsync(store, Shard, "recorder")).ShouldBe(1);
        (await stopping.Parked.ListAsync()).ShouldBeEmpty();

        var second = new ConcurrentRecorder(6);
        var host = await fleet.StartHostAsync(Long, [second]);
        await host.DrainAsync();
        second.Of(Shard).Order().ShouldBe([2, 3, 4, 5, 6, 7]);
    }

    [Theory, EveryEngine]
    public async Task AShardThatIsGivenUpIsNotKeptByWhatWaitsForItsTurn(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 4);
        var store = fleet.NewStore();
        var waiting = new ConcurrentRecorder(
            10, (_, pause, _) => pause.WaitAsync(token => Task.Delay(Timeout.InfiniteTimeSpan, token)));
        foreach (var shard in fleet.Shards)
            for (var i = 0; i < 3; i++)
                await Fleet.WriteAsync(store, shard);
        var first = await fleet.StartHostAsync(Long with { AttemptsBeforeParking = 1 }, [waiting], store);
        await Eventually.BecomesAsync(() => waiting.Begun.Count == 12, "all of them wait");

        var working = new ConcurrentRecorder(10);
        var second = await fleet.StartHostAsync(Long, [working]);
        await Eventually.BecomesAsync(() => working.Ended.Count == 6, "half of the shards are another process's");

        foreach (var shard in second.FollowedShards("recorder"))
            working.Of(shard).Order().ShouldBe([1, 2, 3]);
        first.FollowedShards("recorder").Count.ShouldBe(2);
        (await first.Parked.ListAsync()).ShouldBeEmpty();
    }

    [Theory, EveryEngine]
    public async Task AProcessWhoseLeaseWentToAnotherStopsAllOfThemAndMovesNoCursor(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 2);
        var (store, none, cancelled) = (fleet.NewStore(), CancellationToken.None, 0);
        var follower = new ConcurrentRecorder(10, async (_, _, cancellation) =>
        {
            var lost = new TaskCompletionSource();
            await using var registration = cancellation.Register(() => lost.TrySetResult());
            await lost.Task;
            Interlocked.Increment(ref cancelled); // and ends as if all were well
        });
        var zombie = await fleet.StartHostAsync(Long, [follower], store);
        for (var i = 0; i < 5; i++)
            await Fleet.WriteAsync(store, Shard);
        await Eventually.BecomesAsync(() => follower.Begun.Count == 5, "all are in flight");

        var (server, heir) = (await fleet.CoordinationAsync(store, Shard), Guid.NewGuid());
        await Eventually.BecomesAsync(async () =>
        {
            var table = await server.RenewAsync(heir, "heir", "recorder=", Long.Lease, none);
            return (await server.ChangeLeasesAsync([new LeaseChange("recorder",
                table.Leases.Single(l => l.Follower == "recorder").Version, $"{heir:N}=0-1")], false, none)).Count == 1;
        }, "the heir gets the lease");
        await (await fleet.CursorsAsync(store, Shard)).ClaimAsync(
            [new CursorClaim("recorder", false, [Shard])], heir, none);

        await Eventually.BecomesAsync(() => Volatile.Read(ref cancelled) == 5, "all are cancelled");
        await zombie.StopAsync();
        (await fleet.CursorAsync(store, Shard, "recorder")).ShouldBe(0);
        (await zombie.Parked.ListAsync()).ShouldBeEmpty();
    }

    [Theory, EveryEngine]
    public async Task ACrashRepeatsWhatMayBeRepeatedAndLosesNothing(string engine)
    {
        const int Most = 8;
        var random = Seed.Take(output.WriteLine).NewRandom();
        await using var fleet = await Fleet.StartAsync(engine, shards: 2);
        var (store, all) = (fleet.NewStore(), new List<ConcurrentRecorder>());
        var options = Long with
        {
            CursorTransactionsMax = 5,
            BatchTransactions = 7,
            TransactionsInFlightMax = 12,
            AttemptsBeforeParking = 2,
            Sweep = TimeSpan.FromMilliseconds(100),
            ParkedRetryFirst = TimeSpan.FromHours(1),
        };
        for (var round = 0; round < 6; round++)
        {
            var cursors = await CursorsAsync(fleet, store);
            all.Add(Unsteady(Most, random.Next()));
            var host = await fleet.StartHostAsync(
                options with { CursorWrite = TimeSpan.FromMilliseconds(random.Next(5, 100)) }, [all[^1]]);
            for (var i = random.Next(20, 60); i > 0; i--)
                await Fleet.WriteAsync(store, new ShardId(random.Next(2)));
            var some = random.Next(1, 60);
            await Eventually.BecomesAsync(
                async () => all[^1].Ended.Count >= some || await IsAllPassedAsync(fleet, store), "some are handled");
            await (random.Next(3) == 0 ? host.StopAsync() : host.DisposeAsync().AsTask());
            await EndLeasesAsync(fleet, store);

            foreach (var (shard, before) in cursors)
            {
                all[^1].BegunOf(shard).ShouldAllBe(seq => seq > before, "what the cursor has passed comes not again");
                var after = await fleet.CursorAsync(store, shard, "recorder");
                all[^1].Of(shard).Distinct().Count(seq => seq > after)
                    .ShouldBeLessThanOrEqualTo(options.CursorTransactionsMax - 1 + Most);
            }
        }
        all.Add(new ConcurrentRecorder(Most));
        var last = await fleet.StartHostAsync(options, [all[^1]]);
        await last.DrainAsync();
        await Eventually.BecomesAsync(async () =>
        {
            foreach (var entry in await last.Parked.ListAsync("recorder"))
                await last.Parked.RetryNowAsync(entry.Shard, entry.Follower, entry.Seq);
            return (await last.Parked.ListAsync("recorder")).Count == 0;
        }, "nothing is parked");

        foreach (var shard in fleet.Shards)
            all.SelectMany(f => f.Of(shard)).Distinct().Count().ShouldBe((int)await LastSeqAsync(fleet, store, shard));
    }

    /// <summary>Takes its time, waits now and then, and fails now and then.</summary>
    static ConcurrentRecorder Unsteady(int most, int seed)
    {
        var handled = 0;
        return new ConcurrentRecorder(most, async (t, pause, cancellation) =>
        {
            var random = new Random(seed + (int)t.Seq);
            if (random.Next(4) == 0)
                await pause.WaitAsync(token => Task.Delay(random.Next(20), token));
            await Task.Delay(random.Next(15), cancellation);
            if (Interlocked.Increment(ref handled) % 9 == 0)
                throw new InvalidOperationException("now and then");
        });
    }

    /// <summary>As if the time of every lease were over.</summary>
    static async Task EndLeasesAsync(Fleet fleet, ShardedStore store)
    {
        foreach (var shard in fleet.Shards)
        {
            var server = await fleet.CoordinationAsync(store, shard);
            var table = await server.RenewAsync(
                Guid.NewGuid(), "looks", "nobody=", TimeSpan.FromMinutes(1), CancellationToken.None);
            foreach (var worker in table.Workers)
                await server.LeaveAsync(worker.Id, CancellationToken.None);
        }
    }

    static async Task<bool> IsAllPassedAsync(Fleet fleet, ShardedStore store)
    {
        foreach (var (shard, seq) in await CursorsAsync(fleet, store))
            if (seq < await LastSeqAsync(fleet, store, shard))
                return false;
        return true;
    }

    static async Task<long> LastSeqAsync(Fleet fleet, ShardedStore store, ShardId shard) =>
        (await (await fleet.CursorsAsync(store, shard)).ReadLastSeqsAsync([shard], CancellationToken.None))
        .SingleOrDefault().Seq;

    static async Task<List<(ShardId Shard, long Seq)>> CursorsAsync(Fleet fleet, ShardedStore store)
    {
        var cursors = new List<(ShardId, long)>();
        foreach (var shard in fleet.Shards)
            cursors.Add((shard, await fleet.CursorAsync(store, shard, "recorder")));
        return cursors;
    }
}
