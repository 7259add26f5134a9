using Microsoft.Extensions.Time.Testing;
using Pinfold.Sharding.Caching;
using Pinfold.Sharding.Caching.Memory;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Caching.Memory;

public sealed class MemoryCacheContractTests : CacheContractTests, IAsyncDisposable
{
    protected override ICache Cache { get; } = new MemoryCache();

    protected override string Key(string name) => "k" + name;

    public ValueTask DisposeAsync() => Cache.DisposeAsync();
}

public sealed class MemoryCacheTests
{
    readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task AValueExpires()
    {
        await using var cache = new MemoryCache(null, _time);
        await cache.StoreAsync("key", "value");
        _time.Advance(CacheVerbs.Minute - TimeSpan.FromMilliseconds(1));
        (await cache.ReadAsync("key")).State.ShouldBe(CacheState.Hit);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        (await cache.ReadAsync("key")).State.ShouldBe(CacheState.MissWithLease);
    }

    [Fact]
    public async Task AnExpiredLeaseGoesToTheNextReaderAndFillsNoMore()
    {
        await using var cache = new MemoryCache(null, _time);
        var slow = await cache.ReadAsync("key");
        _time.Advance(TimeSpan.FromSeconds(10));
        var next = await cache.ReadAsync("key");
        next.State.ShouldBe(CacheState.MissWithLease);
        await cache.FillAsync("key", slow.Lease, "slow");
        (await cache.ReadAsync("key")).State.ShouldBe(CacheState.Pending);
    }

    [Fact]
    public async Task AnExpiredLeaseFillsNoMoreThoughNobodyElseAsked()
    {
        await using var cache = new MemoryCache(null, _time);
        var slow = await cache.ReadAsync("key");
        _time.Advance(TimeSpan.FromSeconds(10));
        await cache.FillAsync("key", slow.Lease, "slow");
        (await cache.ReadAsync("key")).State.ShouldBe(CacheState.MissWithLease);
    }

    [Fact]
    public async Task NoValueLivesLongerThanTheLimit()
    {
        var options = new MemoryCacheOptions { TimeToLiveMax = TimeSpan.FromSeconds(5) };
        await using var cache = new MemoryCache(options, _time);
        await cache.StoreAsync("key", "value");
        _time.Advance(TimeSpan.FromSeconds(5));
        (await cache.ReadAsync("key")).State.ShouldBe(CacheState.MissWithLease);
    }

    [Fact]
    public async Task ItStaysWithinItsBytesAndKeepsWhatIsUsed()
    {
        await using var cache = new MemoryCache(new MemoryCacheOptions { BytesMax = 1 << 20 }, _time);
        var value = new string('x', 1000);
        await cache.StoreAsync("used", value);
        for (var i = 0; i < 5000; i++)
        {
            await cache.StoreAsync($"key{i}", value);
            (await cache.ReadAsync("used")).State.ShouldBe(CacheState.Hit);
            cache.Bytes.ShouldBeLessThanOrEqualTo(1 << 20);
        }
        (await cache.ReadAsync("key0")).State.ShouldBe(CacheState.MissWithLease);
        (await cache.ReadAsync("key4999")).State.ShouldBe(CacheState.Hit);
    }

    [Fact]
    public async Task ThousandsOfConcurrentReadersOfAColdKeyFillItOnce()
    {
        await using var cache = new MemoryCache(null, _time);
        var leases = 0;
        await Parallel.ForAsync(0, 10_000, TestContext.Current.CancellationToken, async (_, _) =>
        {
            if ((await cache.ReadAsync("key")).State == CacheState.MissWithLease)
                Interlocked.Increment(ref leases);
        });
        leases.ShouldBe(1);
    }

    [Fact]
    public void WrongLimitsAreRefused()
    {
        Should.Throw<PinfoldException>(() => new MemoryCache(new MemoryCacheOptions { BytesMax = 1 }));
        Should.Throw<PinfoldException>(() => new MemoryCache(new MemoryCacheOptions { LeaseTime = TimeSpan.Zero }));
    }
}
