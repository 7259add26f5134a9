using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Pinboard.Feeds;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Redis;
using Pinfold.Sharding.Caching;
using Pinfold.Sharding.Caching.Memory;
using Pinfold.Sharding.Hosting;
using Pinfold.Testing.Servers;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Feeds;

public sealed class FeedCostTests
{
    [Fact]
    public async Task AWarmHomeCostsOneRoundTripToRedisAndOneToTheCache()
    {
        await using var redis = await RedisServer.StartAsync();
        var cache = new CountedCache();
        await using var world = await FeedWorld.StartAsync(3, FeedLimits.Default, Topology(redis),
            services => services.Configure<PinfoldShardingOptions>(options => options.Cache = cache));
        await world.FollowAsync(world.People[0], world.People[1]);
        var random = new Random(1);
        for (var i = 0; i < 70; i++)
            await world.PinAsync(random, world.People[1]);
        await world.SettleAsync();
        await world.ShownAsync(world.People[0]);
        await world.Pinboard.StopFollowingAsync();
        using var asked = new RedisRoundTrips(world.Pinboard);
        using var shards = new RoundTrips(world.Pinboard);
        var before = cache.Reads;

        var page = await world.Pinboard.Get<HomeReader>().ReadAsync(world.People[0].Viewer, null, default);

        page.Pins.Count.ShouldBe(PinPage.Size);
        (asked.Count, cache.Reads - before, shards.Reads).ShouldBe((1, 1, 0));
    }

    [Fact]
    public async Task APinOfSomebodyWithVeryManyFollowersIsWrittenOnceAndInEveryHome()
    {
        await using var redis = await RedisServer.StartAsync();
        var limits = new FeedLimits { FollowersMax = 3 };
        await using var world = await FeedWorld.StartAsync(8, limits, Topology(redis));
        var (star, fans) = (world.People[0], world.People.Skip(1).ToList());
        foreach (var fan in fans)
            await world.FollowAsync(fan, star);
        var board = await world.AddBoardAsync(star, isSecret: false);
        await world.SettleAsync();
        await world.Pinboard.AddPinAsync(star, board);
        await world.SettleAsync();
        foreach (var fan in fans)
            (await world.ShownAsync(fan)).Count.ShouldBe(1);
        await redis.AskAsync("CONFIG", "RESETSTAT");

        var pin = await world.Pinboard.AddPinAsync(star, board);
        await world.SettleAsync();

        (await redis.AskAsync("INFO", "commandstats")).Split('\n')
            .Where(line => line.StartsWith("cmdstat_eval", StringComparison.Ordinal)).ShouldHaveSingleItem()
            .ShouldContain(":calls=1,", customMessage: "however many follow");
        foreach (var fan in fans)
            (await world.ShownAsync(fan))[0].ShouldBe(pin);
    }

    [Fact]
    public async Task ABatchIsOnePipelinedWriteHoweverManyFollow()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var world = await FeedWorld.StartAsync(6, FeedLimits.Default, Topology(redis));
        foreach (var fan in world.People.Skip(1))
            await world.FollowAsync(fan, world.People[0]);
        await world.SettleAsync();
        foreach (var fan in world.People.Skip(1))
            await world.LookAsync(fan);
        var board = await world.AddBoardAsync(world.People[0], isSecret: false);
        await world.SettleAsync();
        using var asked = new RedisRoundTrips(world.Pinboard, "change");

        await world.Pinboard.Pins.CreateManyAsync(
            world.People[0].Id, [.. Enumerable.Range(0, 20).Select(_ => new NewPin(board))], default);
        await world.SettleAsync();

        asked.Count.ShouldBe(1);
    }

    static string Topology(RedisServer redis) => FeedModelTests.Topology($$"""{ "server": "{{redis.Address}}" }""");

    /// <summary>Counts what one pinboard asks of Redis.</summary>
    sealed class RedisRoundTrips : IDisposable
    {
        readonly MeterListener _listener = new();
        int _count;

        public RedisRoundTrips(TestPinboard pinboard, string? operation = null)
        {
            var meters = pinboard.Get<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == meters && instrument.Meter.Name == RedisMetrics.MeterName)
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
            {
                if (operation is null || tags.Contains(new("operation", operation)))
                    Interlocked.Increment(ref _count);
            });
            _listener.Start();
        }

        public int Count => Volatile.Read(ref _count);

        public void Dispose() => _listener.Dispose();
    }

    /// <summary>A cache that counts how often it is read; each is a round trip to a ring of one server.</summary>
    sealed class CountedCache : ICache
    {
        readonly MemoryCache _inner = new(new MemoryCacheOptions(), TimeProvider.System);
        int _reads;

        public int Reads => Volatile.Read(ref _reads);

        public ValueTask<CacheRead[]> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellation)
        {
            Interlocked.Increment(ref _reads);
            return _inner.ReadAsync(keys, cancellation);
        }

        public ValueTask FillAsync(IReadOnlyList<CacheFill> fills, CancellationToken cancellation) =>
            _inner.FillAsync(fills, cancellation);

        public ValueTask InvalidateAsync(IReadOnlyList<string> keys, CancellationToken cancellation) =>
            _inner.InvalidateAsync(keys, cancellation);

        public ValueTask DisposeAsync() => _inner.DisposeAsync();
    }
}
