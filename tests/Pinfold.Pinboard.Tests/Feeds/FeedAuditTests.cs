using Pinfold.Pinboard.Feeds;
using Pinfold.Pinboard.Feeds.InRedis;
using Pinfold.Pinboard.Follows;
using Pinfold.Pinboard.Tests.Follows;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Feeds;

/// <summary>What is wrong with a feed is found and named.</summary>
public sealed class FeedAuditTests
{
    /// <summary>The newest pin of a feed, put into another or taken out, as Redis itself has them.</summary>
    const string Newest = "local pin = redis.call('ZREVRANGE', KEYS[1], 0, 0)[1] ";

    [Theory]
    [MemberData(nameof(StepPinboard.Engines), MemberType = typeof(StepPinboard))]
    public async Task APinThatIsTakenOutBehindTheServiceIsNamed(string engine)
    {
        await using var on = await StepPinboard.StartAsync(engine, FeedLimits.Default);
        var (people, pins, shards) = await PrepareAsync(on);
        var wave = pins[1];

        if (on.Redis is { } redis)
            await redis.AskAsync(
                ["EVAL", Newest + "redis.call('ZREM', KEYS[1], pin) return redis.call('HDEL', KEYS[2], pin)",
                    "2", .. KeysOf(on, people[0])]);
        else
            await on.Pinboard.Get<IFeedStore>().ApplyAsync(
                [new PinsRemoved([FeedKey.Home(people[0].Id)], [new RemovedPin(wave, long.MaxValue)])], default);

        var differences = (await FeedAudit.RunAsync(on.Pinboard, shards, people)).Differences;
        differences.ShouldContain(difference => difference.StartsWith($"the home of ann lacks {wave}"));
        differences.ShouldContain("the home of ann has 0 of 1 pins, which should be 1 to 1250");
        differences.ShouldContain($"what ann is shown lacks {wave}");
    }

    [Theory]
    [MemberData(nameof(StepPinboard.Engines), MemberType = typeof(StepPinboard))]
    public async Task APinThatIsPutInBehindTheServiceIsNamed(string engine)
    {
        await using var on = await StepPinboard.StartAsync(engine, FeedLimits.Default);
        var (people, pins, shards) = await PrepareAsync(on);
        var (below, hill) = (pins[0], pins[2]);

        if (on.Redis is { } redis)
        {
            await redis.AskAsync(
                ["EVAL", Newest + "redis.call('HSET', KEYS[4], pin, redis.call('HGET', KEYS[2], pin)) "
                    + "return redis.call('ZADD', KEYS[3], redis.call('ZSCORE', KEYS[1], pin), pin)",
                    "4", .. KeysOf(on, people[1]), .. KeysOf(on, people[0])]);
            var differences = (await FeedAudit.RunAsync(on.Pinboard, shards, people)).Differences;
            differences.ShouldContain(difference => difference.StartsWith($"the home of ann has {hill}"));
            differences.ShouldContain($"what ann is shown has {hill}, and should not");
            return;
        }
        // The one in memory refuses whom its owner does not follow; that a pin is secret it cannot know.
        var secret = (await on.Pinboard.Store.GetAsync(below)).Body;
        await on.Pinboard.Get<IFeedStore>().ApplyAsync(
            [new PinsAdded([FeedKey.Home(people[0].Id)],
                [new FeedEntry(below, secret.Owner, secret.Board, secret.Sequence, 0, 1)])], default);
        (await FeedAudit.RunAsync(on.Pinboard, shards, people)).Differences.ShouldHaveSingleItem()
            .ShouldStartWith($"the home of ann has {below}");
    }

    /// <summary>The order and the records of a home.</summary>
    static IEnumerable<string> KeysOf(StepPinboard on, TestUser person) =>
        new FeedNames(on.Pinboard.Store.Topology.Databases.Prefix).Both(FeedKey.Home(person.Id))
            .Select(key => key.ToString());

    /// <summary>Ann follows Ben, who follows Cleo; all have looked at their homes.</summary>
    static async Task<(TestUser[] People, ObjectId<Pin>[] Pins, RawShards Shards)> PrepareAsync(StepPinboard on)
    {
        var pinboard = on.Pinboard;
        TestUser[] people =
        [
            await pinboard.AddUserAsync("ann"), await pinboard.AddUserAsync("ben"), await pinboard.AddUserAsync("cleo"),
        ];
        await pinboard.Get<FollowService>().FollowAsync(people[0].Viewer, people[1].Id, default);
        await pinboard.Get<FollowService>().FollowAsync(people[1].Viewer, people[2].Id, default);
        var board = await pinboard.AddBoardAsync(people[1], "Sea");
        ObjectId<Pin>[] pins =
        [
            await pinboard.AddPinAsync(people[1], board, "Below", isSecret: true),
            await pinboard.AddPinAsync(people[1], board, "Wave"),
            await pinboard.AddPinAsync(people[2], await pinboard.AddBoardAsync(people[2], "Land"), "Hill"),
        ];
        await pinboard.SettleAsync();
        var shards = new RawShards(pinboard.Store.Topology);
        (await FeedAudit.RunAsync(pinboard, shards, people)).Differences.ShouldBeEmpty();
        return (people, pins, shards);
    }
}
