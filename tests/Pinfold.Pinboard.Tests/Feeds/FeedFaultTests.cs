using Pinfold.Pinboard.Feeds;
using Pinfold.Testing;
using Pinfold.Testing.Servers;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Feeds;

/// <summary>A Redis that is lost, emptied or replaced costs time, and every home shows what it should.</summary>
public sealed class FeedFaultTests
{
    static readonly FeedLimits Limits = new() { EntriesMax = 40, FollowersMax = 3 };
    static readonly TimeSpan LimitMax = TimeSpan.FromSeconds(90);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ARedisThatIsKilledInTheMiddleOfAFanOutIsRightAfterwards(bool keepsAppendOnly)
    {
        await using var redis = await RedisServer.StartAsync(new() { AppendOnly = keepsAppendOnly });
        await using var world = await StartAsync($$"""{ "server": "{{redis.Address}}" }""");
        var random = Seed.Take().NewRandom();
        await WarmAsync(world, random);

        for (var i = 0; i < 40; i++)
            await world.PinAsync(random, world.People[i % world.People.Count]);
        await redis.KillAsync();
        foreach (var person in world.People)
        {
            var shown = await world.ShownAsync(person);
            shown.ShouldBe(world.Expected(person).Take(shown.Count), "from the shards");
            shown.Count.ShouldBeGreaterThanOrEqualTo(Math.Min(world.Expected(person).Count, 20));
        }
        for (var i = 0; i < 20; i++)
            await world.StepAsync(random);
        await redis.RestartAsync();

        await SettleAsync(world);
    }

    [Fact]
    public async Task AnEmptiedRedisIsFilledAgain()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var world = await StartAsync($$"""{ "server": "{{redis.Address}}" }""");
        var random = Seed.Take().NewRandom();
        await WarmAsync(world, random);

        await redis.AskAsync("FLUSHALL");

        await SettleAsync(world);
        (await redis.AskAsync("DBSIZE")).ShouldNotBe(":0");
    }

    [Fact]
    public async Task AfterAFailoverInWhichTheOldPrimaryLivesEveryHomeIsRight()
    {
        await using var redis = await RedisWithSentinels.StartAsync();
        await using var world = await StartAsync(redis.Json);
        var random = Seed.Take().NewRandom();
        await WarmAsync(world, random);

        // What the old primary takes from here on reaches no replica, as in the moments of a partition.
        await redis.First.AskAsync("CLIENT", "KILL", "TYPE", "replica");
        for (var i = 0; i < 10; i++)
            await world.StepAsync(random);
        await redis.FailOverAsync();
        for (var i = 0; i < 20; i++)
            await world.StepAsync(random);

        redis.First.IsRunning.ShouldBeTrue();
        await SettleAsync(world);
    }

    static Task<FeedWorld> StartAsync(string redis) =>
        FeedWorld.StartAsync(6, Limits, FeedModelTests.Topology(redis));

    /// <summary>Everybody has followed and looked, so everybody has a feed.</summary>
    static async Task WarmAsync(FeedWorld world, Random random)
    {
        foreach (var person in world.People)
            foreach (var other in world.People.Where(other => other != person && random.Next(2) == 0))
                await world.FollowAsync(person, other);
        for (var i = 0; i < 30; i++)
            await world.StepAsync(random);
        await world.SettleAsync();
        foreach (var person in world.People)
            await world.LookAsync(person);
    }

    /// <summary>Followers wait for Redis, and go on by themselves.</summary>
    static async Task SettleAsync(FeedWorld world)
    {
        using var limit = new CancellationTokenSource(LimitMax);
        await world.SettleAsync().WaitAsync(limit.Token);
        await FeedModelTests.CompareAsync(world, "afterwards");
        // Once more from what Redis has by now.
        await FeedModelTests.CompareAsync(world, "once more");
    }
}
