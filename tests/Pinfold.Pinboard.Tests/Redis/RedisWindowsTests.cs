using Microsoft.Extensions.Logging.Abstractions;
using Pinfold.Pinboard.Redis;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding.Topology;
using Pinfold.Testing.Servers;
using Shouldly;
using System.Threading.RateLimiting;
using Xunit;

namespace Pinfold.Pinboard.Tests.Redis;

public sealed class RedisWindowsTests
{
    [Fact]
    public async Task ProcessesTogetherLetThroughExactlyAsManyAsOneWould()
    {
        var server = await TestServers.RedisAsync();
        await using var one = Link(server);
        await using var other = Link(server);
        RedisWindows[] processes = [new(one, "exact"), new(other, "exact")];

        var verdicts = await Task.WhenAll(Enumerable.Range(0, 100).Select(
            i => processes[i % 2].TryAsync("writes", "ann", 30, default)));

        verdicts.Count(wait => wait is null).ShouldBe(30);
        verdicts.OfType<TimeSpan>().ShouldAllBe(wait => wait > TimeSpan.Zero && wait <= TimeSpan.FromMinutes(1));
        (await processes[0].TryAsync("writes", "ben", 30, default)).ShouldBeNull("somebody else");
        (await processes[0].TryAsync("fetches", "ann", 30, default)).ShouldBeNull("something else");
    }

    [Fact]
    public async Task WhileRedisIsDownTheWindowOfTheProcessServes()
    {
        await using var server = await RedisServer.StartAsync();
        await using var link = Link(server);
        await using var window = new SharedWindow(new RedisWindows(link, "down"), "writes", "ann", 3, Own(3));
        (await window.AcquireAsync()).IsAcquired.ShouldBeTrue();
        await server.KillAsync();

        (await window.AcquireAsync()).IsAcquired.ShouldBeTrue();
        (await window.AcquireAsync()).IsAcquired.ShouldBeTrue();
        (await window.AcquireAsync()).IsAcquired.ShouldBeFalse("the first was counted here too");
    }

    static SlidingWindowRateLimiter Own(int perMinute) => new(new SlidingWindowRateLimiterOptions
    {
        PermitLimit = perMinute,
        Window = TimeSpan.FromMinutes(1),
        SegmentsPerWindow = 6,
        AutoReplenishment = false,
    });

    static RedisLink Link(RedisServer server) => new(
        new RedisServerSpec(new HostPort("127.0.0.1", server.Port)), "rateLimits", new RedisMetrics(),
        TimeProvider.System, NullLogger.Instance);
}
