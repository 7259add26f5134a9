using Pinfold.Sharding.Caching.Memcached;
using Xunit;
using MemcachedServer = Pinfold.Testing.Servers.MemcachedServer;

namespace Pinfold.Sharding.Tests.Caching;

/// <summary>Two servers for a test class; its tests keep apart by their keys.</summary>
public sealed class TwoMemcachedServers : IAsyncLifetime
{
    int _lastPrefix;

    public MemcachedServer First { get; private set; } = null!;

    public MemcachedServer Second { get; private set; } = null!;

    /// <summary>Timeouts that only a hang reaches, however busy the machine is.</summary>
    public MemcachedRingOptions Options => new()
    {
        Servers = [First.Address, Second.Address],
        ConnectTimeout = TimeSpan.FromSeconds(10),
        OperationTimeout = TimeSpan.FromSeconds(20),
        LeaseTime = TimeSpan.FromSeconds(60),
    };

    public string NewPrefix() => $"{Interlocked.Increment(ref _lastPrefix)}:";

    public async ValueTask InitializeAsync()
    {
        First = await MemcachedServer.StartAsync();
        Second = await MemcachedServer.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await First.DisposeAsync();
        await Second.DisposeAsync();
    }
}
