using Pinfold.Sharding.Caching;
using Pinfold.Sharding.Caching.Memcached;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Caching.Memcached;

public sealed class StampedeTests(TwoMemcachedServers servers) : IClassFixture<TwoMemcachedServers>
{
    [Fact]
    public async Task TwoHundredReadersOfAColdKeyOnFourClientsCostOneFill()
    {
        var rings = Enumerable.Range(0, 4).Select(_ => new MemcachedRing(servers.Options)).ToArray();
        var key = servers.NewPrefix();
        var fills = 0;
        var readers = Enumerable.Range(0, 200).Select(i => Task.Run(() => ReadOrFillAsync(rings[i % 4])));
        (await Task.WhenAll(readers)).ShouldAllBe(value => value == "value");
        fills.ShouldBe(1);
        foreach (var ring in rings)
            await ring.DisposeAsync();

        async Task<string> ReadOrFillAsync(MemcachedRing ring)
        {
            while (true)
            {
                var read = await ring.ReadAsync(key);
                if (read.State == CacheState.Hit)
                    return read.Text();
                if (read.State == CacheState.MissWithLease)
                {
                    Interlocked.Increment(ref fills);
                    await Task.Delay(20, TestContext.Current.CancellationToken);
                    await ring.FillAsync(key, read.Lease, "value");
                }
                await Task.Delay(5, TestContext.Current.CancellationToken);
            }
        }
    }
}
