using Pinfold.Sharding.Caching;
using Pinfold.Sharding.Caching.Memcached;
using Xunit;

namespace Pinfold.Sharding.Tests.Caching.Memcached;

public sealed class MemcachedRingContractTests
    : CacheContractTests, IClassFixture<TwoMemcachedServers>, IAsyncDisposable
{
    readonly string _prefix;

    public MemcachedRingContractTests(TwoMemcachedServers servers)
    {
        _prefix = servers.NewPrefix();
        Cache = new MemcachedRing(servers.Options);
    }

    protected override ICache Cache { get; }

    protected override string Key(string name) => _prefix + name;

    public ValueTask DisposeAsync() => Cache.DisposeAsync();
}
