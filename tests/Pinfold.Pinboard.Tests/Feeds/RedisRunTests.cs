using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Pinfold.Pinboard.Feeds;
using Pinfold.Pinboard.Feeds.InRedis;
using Pinfold.Pinboard.Redis;
using Pinfold.Sharding;
using Pinfold.Sharding.Topology;
using Pinfold.Testing.Servers;
using Shouldly;
using Xunit;
using static Pinfold.Pinboard.Tests.Feeds.FeedSamples;

namespace Pinfold.Pinboard.Tests.Feeds;

/// <summary>A feed is believed only by the run of Redis in which it was built.</summary>
public sealed class RedisRunTests : IAsyncDisposable
{
    readonly List<RedisLink> _links = [];
    readonly FeedKey _feed = FeedKey.Home(Person(77));

    [Fact]
    public async Task AFeedThatARestartBringsBackIsMissing()
    {
        await using var server = await RedisServer.StartAsync(new() { AppendOnly = true });
        var store = Store(server, TimeProvider.System);
        await PutAsync(store);
        (await ReadAsync(store)).ShouldNotBeNull();

        await server.RestartAsync();

        (await server.AskAsync("DBSIZE")).ShouldBe(":2", "it is there");
        FeedPart? part = null;
        await UntilItAnswersAsync(async () => part = await ReadAsync(store));
        part.ShouldBeNull("and not believed");
    }

    [Fact]
    public async Task AFeedThatIsPutInTheFirstMinuteIsKeptUntilThatIsOver()
    {
        await using var server = await RedisServer.StartAsync();
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        var store = Store(server, time);

        await PutAsync(store);
        await ReadAsync(store);
        (await LeftAsync(server)).ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromMinutes(1));
        time.Advance(TimeSpan.FromMinutes(2));
        await PutAsync(store);
        await ReadAsync(store);

        (await LeftAsync(server)).ShouldBeInRange(TimeSpan.FromDays(29), TimeSpan.FromDays(30));
    }

    [Fact]
    public async Task WhatWasReadInAnotherRunIsNotPut()
    {
        await using var server = await RedisServer.StartAsync(new() { AppendOnly = true });
        var store = Store(server, TimeProvider.System);
        var lease = (await store.BeginAsync(_feed, anew: false, default)).ShouldNotBeNull();

        await server.RestartAsync();

        await UntilItAnswersAsync(async () =>
            (await store.PutAsync(lease, Build([Entry(1, Ann)], Followed(Ann)), default)).ShouldBeFalse());
    }

    async Task<FeedPart?> ReadAsync(RedisFeedStore store) =>
        (await store.ReadAsync([new FeedRead(_feed, null, 10)], default))[0];

    async Task PutAsync(RedisFeedStore store) => (await store.PutAsync(
        (await store.BeginAsync(_feed, anew: true, default)).ShouldNotBeNull(), Build([Entry(1, Ann)], Followed(Ann)),
        default)).ShouldBeTrue();

    async Task<TimeSpan> LeftAsync(RedisServer server) => TimeSpan.FromMilliseconds(long.Parse(
        (await server.AskAsync("PTTL", new FeedNames("run").Order(_feed).ToString()))[1..],
        CultureInfo.InvariantCulture));

    RedisFeedStore Store(RedisServer server, TimeProvider time) => RedisFeedStoreTests.Store(
        new RedisServerSpec(new HostPort("127.0.0.1", server.Port)), "run", FeedLimits.Default, _links, time);

    static async Task UntilItAnswersAsync(Func<Task> ask)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
            try
            {
                await ask();
                return;
            }
            catch (RedisUnavailableException) when (!limit.IsCancellationRequested)
            {
                await Task.Delay(20, limit.Token);
            }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var link in _links)
            await link.DisposeAsync();
    }
}
