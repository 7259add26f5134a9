using Pinfold.Pinboard.Feeds;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Pinfold.Testing;
using Pinfold.Testing.Servers;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Feeds;

/// <summary>Whatever people do, their homes show what they should.</summary>
public sealed class FeedModelTests
{
    const int PeopleCount = 6;

    /// <summary>With three followers somebody is large; with 40 pins a feed is full.</summary>
    static readonly FeedLimits Small = new() { EntriesMax = 40, FollowersMax = 3 };

    [Fact]
    public async Task InMemoryHomesShowWhatTheyShould()
    {
        await using var world = await FeedWorld.StartInMemoryAsync(PeopleCount, Small);
        await RunAsync(world, Seed.Take().NewRandom());
    }

    [Fact]
    public async Task InRedisHomesShowWhatTheyShould()
    {
        var redis = await TestServers.RedisAsync();
        await using var world = await FeedWorld.StartAsync(
            PeopleCount, Small, Topology($$"""{ "server": "{{redis.Address}}" }"""));
        await RunAsync(world, Seed.Take().NewRandom());
    }

    [Fact]
    public async Task InAClusterHomesShowWhatTheyShould()
    {
        var cluster = await TestServers.RedisClusterAsync();
        await using var world = await FeedWorld.StartAsync(PeopleCount, Small, Topology(cluster.Json));
        await RunAsync(world, Seed.Take().NewRandom());
    }

    [Fact]
    public async Task APictureThatPinsGetLaterIsShownOnce()
    {
        await using var world = await FeedWorld.StartInMemoryAsync(2, FeedLimits.Default);
        var (ann, ben) = (world.People[0], world.People[1]);
        await world.FollowAsync(ann, ben);
        await world.SettleAsync();
        await world.LookAsync(ann);
        var board = await world.AddBoardAsync(ben, isSecret: false);
        var pins = await world.Pinboard.Pins.CreateManyAsync(ben.Id, [.. Enumerable.Range(0, 3).Select(
            i => new NewPin(board)
            {
                Title = $"{i}",
                Link = "https://example.org/",
                Picture = PinPicture.ToFetch("https://example.org/"),
                CreatedAt = DateTimeOffset.UnixEpoch.AddDays(20_000 + i),
            })], default);
        await world.SettleAsync();
        (await world.ShownAsync(ann)).ShouldBe([pins[2], pins[1], pins[0]]);

        foreach (var pin in pins.Take(2))
            await world.Pinboard.PinPictures.UpdateAsync(pin, (body, picture) => body with
            {
                Picture = picture with { State = PictureState.Ready, Hash = new string('b', 64) },
            }, default);
        await world.SettleAsync();

        (await world.ShownAsync(ann)).ShouldBe([pins[2], pins[1]]);
    }

    internal static string Topology(string redis) =>
        $$"""
        {
          "version": 1, "shardCount": 4, "databasePrefix": "{{DatabasePrefix.Next()}}",
          "servers": [ { "name": "here", "engine": "sqlite", "folder": "shards" } ],
          "shards": [ { "first": 0, "last": 3, "server": "here", "epoch": 1 } ],
          "redis": { "feeds": {{redis}} },
        }
        """;

    internal static async Task CompareAsync(FeedWorld world, string when)
    {
        await world.SettleAsync();
        foreach (var person in world.People)
        {
            var (expected, shown) = (world.Expected(person), await world.ShownAsync(person));
            // A feed may be cut off; above that it is exact.
            shown.ShouldBe(expected.Take(shown.Count), $"{when}: {person.Name}");
            shown.Count.ShouldBeGreaterThanOrEqualTo(
                Math.Min(expected.Count, Small.EntriesMin / 2), $"{when}: {person.Name}");
        }
    }

    static async Task RunAsync(FeedWorld world, Random random)
    {
        for (var round = 0; round < Soak.Times(8, 100); round++)
        {
            for (var step = 0; step < 25; step++)
                await world.StepAsync(random);
            await CompareAsync(world, $"round {round}");
        }
    }
}
