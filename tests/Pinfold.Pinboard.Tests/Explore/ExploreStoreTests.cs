using Microsoft.Extensions.Logging.Abstractions;
using Pinfold.Pinboard.Explore;
using Pinfold.Pinboard.Explore.InMemory;
using Pinfold.Pinboard.Explore.InRedis;
using Pinfold.Pinboard.Redis;
using Pinfold.Sharding.Topology;
using Pinfold.Testing.Servers;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Explore;

public sealed class MemoryExploreStoreTests : ExploreStoreContract
{
    private protected override Task<IExploreStore> StoreAsync(ExploreLimits limits) =>
        Task.FromResult<IExploreStore>(new MemoryExploreStore(limits, TimeProvider.System));

    [Fact]
    public async Task WhatIsDoubtedIsShownUntilItIsReadAgain()
    {
        var store = new MemoryExploreStore(ExploreLimits.Default, TimeProvider.System);
        await BuildAsync(store, Hot(1, 5));
        store.Doubt();
        var lease = (await store.BeginAsync(default)).ShouldNotBeNull();
        store.Doubt();
        (await store.PutAsync(lease, [Hot(9, 9)], isWhole: true, default)).ShouldBeFalse("it may be out of date");
        Pins(await store.ReadAsync(default)).ShouldBe("1");
        await BuildAsync(store, Hot(2, 6));
        Pins(await store.ReadAsync(default)).ShouldBe("2");
    }
}

public sealed class RedisExploreStoreTests : ExploreStoreContract, IAsyncDisposable
{
    readonly List<RedisLink> _links = [];

    private protected override async Task<IExploreStore> StoreAsync(ExploreLimits limits) =>
        Store((await TestServers.RedisAsync()).Port, $"explore-{Guid.NewGuid():N}", limits);

    [Fact]
    public async Task ARedisThatIsEmptiedOrRestartedIsToBeReadAgain()
    {
        await using var server = await RedisServer.StartAsync(new() { AppendOnly = true });
        var store = Store(server.Port, "pinfold", ExploreLimits.Default);
        await BuildAsync(store, Hot(1, 5));
        await server.AskAsync("FLUSHALL");
        (await store.ReadAsync(default)).ShouldBeNull();
        await BuildAsync(store, Hot(2, 6));

        await server.RestartAsync();
        await UntilItAnswersAsync(async () => Pins(await store.ReadAsync(default)).ShouldBe("2", "shown as it was"));
        await BuildAsync(store, Hot(3, 7));
        Pins(await store.ReadAsync(default)).ShouldBe("3");
    }

    internal RedisExploreStore Store(int port, string prefix, ExploreLimits limits)
    {
        var link = new RedisLink(
            new RedisServerSpec(new HostPort("127.0.0.1", port)), "counters", new RedisMetrics(), TimeProvider.System,
            NullLogger.Instance);
        _links.Add(link);
        return new RedisExploreStore(link, prefix, limits);
    }

    static async Task UntilItAnswersAsync(Func<Task> ask)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
            try
            {
                await ask();
                return;
            }
            catch (RedisUnavailableException)
            {
                await Task.Delay(50, limit.Token);
            }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var link in _links)
            await link.DisposeAsync();
    }
}

public sealed class RedisClusterExploreStoreTests : ExploreStoreContract, IAsyncDisposable
{
    readonly List<RedisLink> _links = [];

    private protected override async Task<IExploreStore> StoreAsync(ExploreLimits limits)
    {
        var link = new RedisLink(
            new RedisClusterSpec([new HostPort("127.0.0.1", (await TestServers.RedisClusterAsync()).Nodes[0].Port)]),
            "counters", new RedisMetrics(), TimeProvider.System, NullLogger.Instance);
        _links.Add(link);
        return new RedisExploreStore(link, $"explore-{Guid.NewGuid():N}", limits);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var link in _links)
            await link.DisposeAsync();
    }
}
