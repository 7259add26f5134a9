using Pinfold.Pinboard.Feeds;
using Pinfold.Pinboard.Follows;
using Pinfold.Pinboard.Tests.Follows;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Feeds;

/// <summary>Whenever it shows that somebody has very many followers, all of these see what they pin.</summary>
public sealed class LargeSourceTests
{
    static readonly FeedLimits Limits = new() { FollowersMax = 1 };

    [Theory]
    [MemberData(nameof(StepPinboard.Engines), MemberType = typeof(StepPinboard))]
    public async Task AFollowThatComesBesideThePinThatShowsItIsOfSomebodyLarge(string engine)
    {
        await using var on = await StepPinboard.StartAsync(engine, Limits);
        var world = await World.StartAsync(on);
        var first = await world.PinAsync();
        await world.FollowAsync(world.Ann, world.Cleo);
        // What is left for feeds: one batch of a pin, and of the follows by which there are too many.
        await DrainAsync(on, "reverses");

        await DrainAsync(on, "reverses", "feeds");
        var second = await world.PinAsync();
        await DrainAsync(on, "reverses", "feeds");

        await world.ShouldShowAsync(second, first);
    }

    [Fact]
    public async Task WhatWasPinnedWhileTheMarkWasLostIsShownToo()
    {
        await using var on = await StepPinboard.StartAsync("MariaDB", Limits);
        var world = await World.StartAsync(on);
        await world.FollowAsync(world.Ann, world.Cleo);
        await DrainAsync(on, "reverses", "feeds");
        var first = await world.PinAsync();
        await DrainAsync(on, "reverses", "feeds");
        await world.ShouldShowAsync(first);

        await on.Redis!.AskAsync("DEL", $"{on.Pinboard.Store.Topology.Databases.Prefix}:feeds:large");
        await on.Pinboard.Get<FollowService>().UnfollowAsync(world.Cleo.Viewer, world.Ben.Id, default);
        await DrainAsync(on, "reverses", "feeds");
        var second = await world.PinAsync();
        await DrainAsync(on, "reverses", "feeds");
        await world.FollowAsync(world.Cleo);
        await DrainAsync(on, "reverses", "feeds");
        var third = await world.PinAsync();
        await DrainAsync(on, "reverses", "feeds");

        await world.ShouldShowAsync(third, second, first);
    }

    /// <summary>Runs the library's followers, and that of feeds if it is named, as far as there is anything.</summary>
    static async Task DrainAsync(StepPinboard on, params string[] followers)
    {
        await using var host = new FollowerHost(
            on.Pinboard.Store, followers.Contains("feeds") ? [on.Pinboard.Follower<FeedFollower>()] : []);
        await host.StartAsync();
        foreach (var follower in followers)
            await host.DrainAsync([follower]);
        await host.StopAsync();
    }

    /// <summary>Ben, who pins, and two who have looked at their homes.</summary>
    sealed record World(TestPinboard Pinboard, TestUser Ann, TestUser Ben, TestUser Cleo, ObjectId<Board> Board)
    {
        DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddYears(50);

        public static async Task<World> StartAsync(StepPinboard on)
        {
            var (ann, ben) = (await on.Pinboard.AddUserAsync("ann"), await on.Pinboard.AddUserAsync("ben"));
            var world = new World(
                on.Pinboard, ann, ben, await on.Pinboard.AddUserAsync("cleo"),
                await on.Pinboard.AddBoardAsync(ben, "Sea"));
            await world.ShouldShowAsync();
            return world;
        }

        public async Task<ObjectId<Pin>> PinAsync() => await Pinboard.Pins.CreateAsync(
            Ben.Id, new(Board) { Title = "Wave", CreatedAt = _now = _now.AddMinutes(1) }, default);

        public async Task FollowAsync(params TestUser[] people)
        {
            foreach (var person in people)
                await Pinboard.Get<FollowService>().FollowAsync(person.Viewer, Ben.Id, default);
        }

        public async Task ShouldShowAsync(params ObjectId<Pin>[] pins)
        {
            foreach (var person in (TestUser[])[Ann, Cleo])
                (await Pinboard.Get<HomeReader>().ReadAsync(person.Viewer, null, default)).Pins
                    .Select(pin => pin.Pin.Id).ShouldBe(pins, $"the home of {person.Name}");
        }
    }
}
