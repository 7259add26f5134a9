using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Tests.Running;
using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Follows;
using Pinfold.Testing.Servers;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

public sealed class RedisTests
{
    [Fact]
    public async Task HomeWorksWithRedisWithoutItAndWithItAgain()
    {
        await using var redis = await RedisServer.StartAsync(new() { Save = "3600 1" });
        await using var place = await Place.WithRedisAsync(redis);
        await using var served = await Served.StartAsync(place);
        using var ann = await Browser.SignedUpAsync(served.Address, "ann");
        using var ben = await Browser.SignedUpAsync(served.Address, "ben");
        (await ann.GetAsync("/")).ShouldBe(HttpStatusCode.OK, "An empty fold");
        (await ann.GetAsync("/?show=following")).ShouldBe(HttpStatusCode.OK, "Follow people or boards");
        await FollowAsync(place, "ann", "ben");
        var (_, board) = await ben.MakeBoardAsync("Sea");
        await ben.PinAsync(board, TestPng.Noise(20, 30), "A heron at noon");

        await ann.WaitForAsync("/", page => page.Contains("A heron at noon") && page.Contains("From those you follow"));
        (await ann.GetAsync("/?show=own")).Text.ShouldNotContain("A heron at noon");
        var feed = (await place.RunAsync("feed", "show", "ann", "--json")).ShouldEnd(0).Json;
        (feed["isKept"]!.GetValue<bool>(), feed["pins"]!.GetValue<int>()).ShouldBe((true, 1));
        var roles = (await place.RunAsync("redis", "status", "--json")).ShouldEnd(0).Json.AsArray();
        roles.Select(role => (role!["role"]!.GetValue<string>(), role["keeps"]!.GetValue<string>()))
            .ShouldBe([("feeds", "snapshots"), ("counters", "snapshots"), ("rateLimits", "snapshots")]);

        await redis.KillAsync();
        (await ann.GetAsync("/")).ShouldBe(HttpStatusCode.OK, "A heron at noon");
        await ben.PinAsync(board, TestPng.Noise(30, 20), "A kingfisher");
        await ann.WaitForAsync("/", page => page.Contains("A kingfisher"));
        await ann.WaitForAsync("/health/ready", text => text == "Degraded");
        (await place.RunAsync("redis", "status")).ShouldEnd(5).Out.ShouldContain("does not answer");

        await redis.RestartAsync();
        await ann.WaitForAsync("/health/ready", text => text == "Healthy");
        await ann.WaitForAsync("/", page => page.Contains("A kingfisher") && page.Contains("A heron at noon"));
        (await place.RunAsync("feed", "rebuild", "--all")).ShouldEnd(0).Out.ShouldContain("2 feeds were read anew");
        (await place.RunAsync("feed", "rebuild", "ann")).ShouldEnd(0).Out.ShouldContain("1 feeds were read anew");
        (await place.RunAsync("feed", "show", "ann", "--json")).ShouldEnd(0).Json["pins"]!.GetValue<int>().ShouldBe(2);
    }

    [Fact]
    public async Task WithoutRedisThereIsNothingToRebuildAndNothingToAsk()
    {
        await using var place = Place.Embedded();
        await place.AddUsersAsync("ann");

        (await place.RunAsync("redis", "status")).ShouldEnd(0).Out.ShouldContain("feeds: no Redis is named");
        (await place.RunAsync("feed", "show", "ann")).ShouldEnd(0).Out.ShouldContain("No feed is kept here");
        (await place.RunAsync("feed", "rebuild", "ann")).ShouldRefuse(2, "in its own memory");
        (await place.RunAsync("feed", "rebuild")).ShouldRefuse(2, "--shard NUMBER, or --all");
        (await place.RunAsync("feed", "rebuild", "ann", "--all")).ShouldRefuse(2, "one of them");
        (await place.RunAsync("feed", "show", "nobody")).ShouldRefuse(3, "nobody");
    }

    [Fact]
    public async Task ARoleThatIsNoneIsRefusedByEveryCommand()
    {
        await using var place = Place.Embedded();
        await place.WriteTopologyAsync(""" "feed": { "server": "127.0.0.1:6379" } """);

        (await place.RunAsync("shard", "list", "--topology", place["topology.json"]))
            .ShouldRefuse(2, "\"feed\"", "feeds");
        (await place.RunAsync("topology", "check", place["topology.json"])).Code.ShouldBe(2);
    }

    static async Task FollowAsync(Place place, string follower, string followed)
    {
        await using var opened = await place.OpenAsync();
        await opened.Services.GetRequiredService<FollowService>().FollowAsync(
            new Viewer(await opened.UserAsync(follower)), await opened.UserAsync(followed), default);
    }
}
