using MySqlConnector;
using Pinfold.Sharding;
using Pinfold.Sharding.Caching.Memcached;
using Pinfold.Sharding.Topology;
using Pinfold.Testing;
using Pinfold.Testing.Proxy;
using Pinfold.Testing.Servers;
using Xunit;

namespace Pinfold.Pinboard.Tests.Profiles;

/// <summary>
/// Sixteen shards on one MariaDB and a ring of two Memcached servers, each behind a proxy that counts.
/// </summary>
public sealed class ProfileFleet : IAsyncLifetime
{
    const int Shards = 16;
    readonly TempFolder _folder = new("profile-fleet");
    readonly List<MemcachedServer> _caches = [];
    readonly List<ByteProxy> _cacheProxies = [];
    MariaDbServer? _database;

    /// <summary>Before the database.</summary>
    public CuttingProxy Database { get; private set; } = null!;

    /// <summary>Round trips to the ring since the counts were reset, over all its servers.</summary>
    public int CacheRoundTrips => _cacheProxies.Sum(p => p.RoundTripCount);

    internal TestPinboard Pinboard { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await MariaDbServer.StartAsync();
        Database = await CuttingProxy.StartAsync(_database.Port);
        for (var i = 0; i < 2; i++)
        {
            _caches.Add(await MemcachedServer.StartAsync());
            _cacheProxies.Add(await ByteProxy.StartAsync(_caches[i].Port));
        }
        var account = new MySqlConnectionStringBuilder(_database.ConnectionString);
        await File.WriteAllTextAsync(_folder["password"], account.Password);
        var map = TopologyMap.Create(1, Shards,
            [
                new MySqlServerSpec("one", new HostPort("127.0.0.1", Database.Port), account.UserID)
                {
                    Password = PasswordSource.FromFile(_folder["password"]),
                    Tls = TlsMode.None,
                },
            ],
            [new ShardRange(new ShardId(0), new ShardId(Shards - 1), "one")],
            cache: new CacheSpec { Memcached = [.. _cacheProxies.Select(p => new HostPort("127.0.0.1", p.Port))] });
        Pinboard = await TestPinboard.StartAsync(System.Text.Encoding.UTF8.GetString(map.ToJson().Span));
    }

    public void ResetCounts()
    {
        Database.ResetCounts();
        _cacheProxies.ForEach(p => p.ResetCounts());
    }

    public async ValueTask DisposeAsync()
    {
        await Pinboard.DisposeAsync();
        await Database.DisposeAsync();
        foreach (var proxy in _cacheProxies)
            await proxy.DisposeAsync();
        foreach (var cache in _caches)
            await cache.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
        _folder.Dispose();
    }
}
