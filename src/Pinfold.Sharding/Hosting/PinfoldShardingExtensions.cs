using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pinfold.Sharding.Caching;
using Pinfold.Sharding.Caching.Memcached;
using Pinfold.Sharding.Caching.Memory;
using Pinfold.Sharding.Commits;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Provisioning;
using Pinfold.Sharding.Routing;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Telemetry;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Hosting;

/// <summary>Adds shards to an application. Everything is made when first asked for, and closed with the host.</summary>
public static class PinfoldShardingExtensions
{
    /// <summary>
    /// Adds <see cref="ShardedStore"/> and what it stands on: the model, the topology, the cache that the topology
    /// names, the followers of the journal and a health check named <c>shards</c>.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="model">What the application keeps in shards.</param>
    /// <param name="topology">Where the map comes from; opened by the caller, and closed by it.</param>
    /// <param name="configure">Changes a default.</param>
    public static IServiceCollection AddPinfoldSharding(
        this IServiceCollection services, ShardingModel model, ITopologySource topology,
            Action<PinfoldShardingOptions>? configure = null)
    {
        services.AddOptions<PinfoldShardingOptions>().Configure(configure ?? (_ => { }));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(model);
        services.AddSingleton(topology);
        services.AddSingleton<ShardingMetrics>();
        services.AddSingleton(MakeCache);
        services.AddSingleton(MakeStore);
        services.AddSingleton<ShardProvisioner>();
        services.AddSingleton(MakeFollowerHost);
        services.AddHostedService<FollowerService>();
        services.AddHostedService<LocalCacheService>();
        services.AddSingleton<ShardStatusReader>();
        services.AddSingleton<ShardsHealthCheck>();
        services.AddHealthChecks().AddCheck<ShardsHealthCheck>("shards");
        return services;
    }

    static ICache MakeCache(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<PinfoldShardingOptions>>().Value;
        if (options.Cache is { } own)
            return own;
        var spec = services.GetRequiredService<ITopologySource>().Current.Cache;
        var time = services.GetRequiredService<TimeProvider>();
        return spec.Memcached.Count == 0
            ? new MemoryCache(new MemoryCacheOptions { BytesMax = (long)spec.MemoryMiB << 20 }, time)
            : new MemcachedRing(
                new MemcachedRingOptions { Servers = [.. spec.Memcached.Select(s => s.ToString())] }, time,
                logger: services.GetService<ILogger<MemcachedRing>>());
    }

    static FollowerHost MakeFollowerHost(IServiceProvider services) => new(
        services.GetRequiredService<ShardedStore>(), services.GetServices<IFollower>(),
        services.GetRequiredService<IOptions<PinfoldShardingOptions>>().Value.Followers,
        services.GetService<ILogger<FollowerHost>>(), services.GetService<IMeterFactory>());

    static ShardedStore MakeStore(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<PinfoldShardingOptions>>().Value.Checked();
        var (model, time) = (services.GetRequiredService<ShardingModel>(), services.GetRequiredService<TimeProvider>());
        var servers = new ServerSet(
            new ServerFactory(options.RoundTripTimeout).OpenAsync,
            CommitLimits.Default with { Lanes = options.CommitLanes, Deadline = options.RoundTripTimeout },
            time, services.GetRequiredService<ShardingMetrics>());
        return new ShardedStore(
            model, services.GetRequiredService<ITopologySource>(), servers,
            options.UseCache ? services.GetRequiredService<ICache>() : null, time,
            StoreLimits.Default with { FenceDeadline = options.FenceDeadline });
    }
}
