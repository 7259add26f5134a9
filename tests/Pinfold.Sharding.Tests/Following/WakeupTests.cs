using Microsoft.Extensions.Time.Testing;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Tests.Engines;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Following;

/// <summary>How a follower learns that there is something to do, and what it costs when there is not.</summary>
public sealed class WakeupTests
{
    static readonly FollowerOptions NoSweep = new()
    {
        Lease = TimeSpan.FromMinutes(10),
        Renew = TimeSpan.FromSeconds(1),
        Sweep = TimeSpan.FromDays(1),
    };

    [Theory, EveryEngine]
    public async Task WritesOfAnotherProcessAreFollowedWithoutASweep(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine);
        var (writing, follower) = (fleet.NewStore(), new Recorder());
        var host = await fleet.StartHostAsync(NoSweep, [follower]);
        await Eventually.BecomesAsync(() => host.FollowedShards("recorder").Count == 4, "all shards are followed");

        await using (new WakeupSender(writing))
        {
            foreach (var shard in fleet.Shards)
                await Fleet.WriteAsync(writing, shard);
            await Eventually.BecomesAsync(() => follower.Handled.Count == 4, "the other process's writes are followed");
            await Fleet.WriteAsync(writing, new ShardId(2));
        }
        await Eventually.BecomesAsync(() => follower.Handled.Count == 5, "what was gathered when it ended was sent");
    }

    [Theory, EveryEngine]
    public async Task WhenTwoProcessesShareEachTellsTheOtherOfItsWrites(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine);
        var (first, second, follower) = (fleet.NewStore(), fleet.NewStore(), new Recorder());
        FollowerHost[] hosts =
        [
            await fleet.StartHostAsync(NoSweep, [follower], first),
            await fleet.StartHostAsync(NoSweep, [follower], second),
        ];
        await Eventually.BecomesAsync(
            () => hosts.All(h => h.FollowedShards("recorder").Count == 2), "the shards are shared");

        foreach (var shard in fleet.Shards)
        {
            await Fleet.WriteAsync(first, shard);
            await Fleet.WriteAsync(second, shard);
        }

        await Eventually.BecomesAsync(() => follower.Handled.Distinct().Count() == 8, "all writes are followed");
        await hosts[0].DrainAsync();
    }

    [Theory, EveryEngine]
    public async Task ASweepFindsWhatNobodyTold(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine);
        var (silent, follower) = (fleet.NewStore(), new Recorder());
        var host = await fleet.StartHostAsync(NoSweep with { Sweep = TimeSpan.FromMilliseconds(200) }, [follower]);
        await Eventually.BecomesAsync(() => host.FollowedShards("recorder").Count == 4, "all shards are followed");

        foreach (var shard in fleet.Shards)
            await Fleet.WriteAsync(silent, shard);

        await Eventually.BecomesAsync(() => follower.Handled.Count == 4, "all writes are followed");
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task AnIdleProcessAsksAServerTheSameHoweverManyShardsAndFollowersThereAre(string engine)
    {
        var few = await CountIdleAsync(engine, shards: 4, followers: 1);
        var many = await CountIdleAsync(engine, shards: 32, followers: 10);

        few.ShouldBe((150, 1, ""));
        many.ShouldBe(few);
    }

    /// <summary>30 s: five questions for wake-ups a second, a renewal every 5 s, a sweep every 30 s.</summary>
    static async Task<(int Wakeups, int Sweeps, string Others)> CountIdleAsync(
        string engine, int shards, int followers)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards, hasProxy: true);
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000));
        var store = fleet.NewStore(time);
        var proxy = fleet.Proxy!;
        var (asks, renews) = ($"FROM {fleet.Databases.Server}.wakeups", $"INTO {fleet.Databases.Server}.workers");
        const string sweeps = "last_seq FROM";
        var host = await fleet.StartHostAsync(new FollowerOptions { Lease = TimeSpan.FromMinutes(10) },
            [.. Enumerable.Range(0, followers).Select(i => new Recorder($"r{i}"))], store);
        await Eventually.BecomesAsync(
            () => host.FollowedShards($"r{followers - 1}").Count == shards, "all are followed");
        // The lease loop is past its first round, which claimed; the wake-up loop asks with each step from here on.
        await Eventually.BecomesAsync(() => Wakeups() == 1, "the first question was asked");
        proxy.ResetCounts();
        for (var step = 1; step <= 150; step++)
        {
            time.Advance(TimeSpan.FromMilliseconds(200));
            await Eventually.BecomesAsync(() => Wakeups() == step, $"question {step} was asked");
        }
        await Eventually.BecomesAsync(() => Sweeps() == 1, "the sweep has run");
        var renewals = Count(renews);
        renewals.ShouldBeInRange(5, 7);
        // The last two are a new connection's.
        string[] known = [asks, sweeps, renews, "SET SESSION", "SET NAMES"];
        return (Wakeups(), Sweeps(), string.Join(";\n", proxy.Sql.Where(sql => !known.Any(sql.Contains))));

        int Sweeps() => Count(sweeps);
        int Wakeups() => Count(asks);
        int Count(string part) => proxy.Sql.Count(sql => sql.Contains(part, StringComparison.Ordinal));
    }
}
