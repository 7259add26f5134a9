using Microsoft.Extensions.Logging.Abstractions;
using Pinfold.Pinboard.Feeds;
using Pinfold.Pinboard.Feeds.InMemory;
using Pinfold.Pinboard.Feeds.InRedis;
using Pinfold.Pinboard.Redis;
using Pinfold.Sharding.Topology;
using Pinfold.Testing.Servers;

namespace Pinfold.Pinboard.Tests.Feeds;

public sealed class MemoryFeedStoreTests : FeedStoreContract
{
    private protected override Task<IFeedStore> StoreAsync(FeedLimits limits) =>
        Task.FromResult<IFeedStore>(new MemoryFeedStore(limits, TimeProvider.System));
}

public sealed class RedisFeedStoreTests : FeedStoreContract, IAsyncDisposable
{
    readonly List<RedisLink> _links = [];

    private protected override async Task<IFeedStore> StoreAsync(FeedLimits limits) => Store(
        new RedisServerSpec(new HostPort("127.0.0.1", (await TestServers.RedisAsync()).Port)), "alone", limits, _links);

    internal static RedisFeedStore Store(
        RedisSpec spec, string prefix, FeedLimits limits, List<RedisLink> links, TimeProvider? time = null)
    {
        var link = new RedisLink(
            spec, "feeds", new RedisMetrics(), time ?? TimeProvider.System, NullLogger.Instance);
        links.Add(link);
        return new RedisFeedStore(link, prefix, limits, time ?? TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var link in _links)
            await link.DisposeAsync();
    }
}

public sealed class RedisClusterFeedStoreTests : FeedStoreContract, IAsyncDisposable
{
    readonly List<RedisLink> _links = [];

    private protected override async Task<IFeedStore> StoreAsync(FeedLimits limits) => RedisFeedStoreTests.Store(
        new RedisClusterSpec([new HostPort("127.0.0.1", (await TestServers.RedisClusterAsync()).Nodes[0].Port)]),
        "cluster", limits, _links);

    public async ValueTask DisposeAsync()
    {
        foreach (var link in _links)
            await link.DisposeAsync();
    }
}
