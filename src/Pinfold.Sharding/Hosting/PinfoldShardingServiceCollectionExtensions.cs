using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pinfold.Sharding;
using Pinfold.Sharding.Caching;
using Pinfold.Sharding.Caching.Memcached;
using Pinfold.Sharding.Caching.Memory;
using Pinfold.Sharding.Commits;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Hosting;
using Pinfold.Sharding.Provisioning;
using Pinfold.Sharding.Routing;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Telemetry;
using Pinfold.Sharding.Topology;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds shards to an application. Everything is made when first asked for, and closed with the host.</summary>
public static class PinfoldShardingServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="ShardedStore"/> and what it stands on: the model, the topology, the cache that the topology
    /// names, the followers of the journal, <see cref="ShardProvisioner"/>, <see cref="ShardStatusReader"/> and a
    /// health check named <c>shards</c>.
    /// </summary>
    /// <param name="services">The application's services; options are checked when the host starts.</param>
    /// <param name="configure">Says at least the model and the topology.</param>
    /// <exception cref="PinfoldException">Invalid: one of these is missing, or this was called before.</exception>
    public static IServiceCollection AddPinfoldSharding(
        this IServiceCollection services, Action<PinfoldShardingBuilder> configure)
    {
        if (services.Any(service => service.ServiceType == typeof(ShardedStore)))
            throw PinfoldException.Invalid("AddPinfoldSharding was called before; an application has one store.");
        var builder = new PinfoldShardingBuilder(services);
        configure(builder);
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<PinfoldShardingOptions>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<PinfoldShardingOptions>, OptionsValidation>();
        builder.Register();
        services.AddSingleton<ShardingMetrics>();
        services.AddSingleton(MakeCache);
        services.AddSingleton(MakeStore);
        services.AddSingleton<ShardProvisioner>();
        services.AddSingleton(MakeFollowerHost);
        services.AddHostedService<FollowerService>();
        services.AddSingleton<ShardStatusReader>();
        services.AddSingleton<FollowerStatusReader>();
        services.AddSingleton<ParkedEntries>();
        services.AddFleet();
        services.AddSingleton<ShardsHealthCheck>();
        services.AddHealthChecks().AddCheck<ShardsHealthCheck>("shards");
        return services;
    }

    /// <summary>As the other, with the model given here.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="model">What the application keeps in shards.</param>
    /// <param name="configure">Says at least the topology.</param>
    /// <exception cref="PinfoldException">Invalid: as there.</exception>
    public static IServiceCollection AddPinfoldSharding(
        this IServiceCollection services, ShardingModel model, Action<PinfoldShardingBuilder> configure) =>
        services.AddPinfoldSharding(shards => configure(shards.UseModel(model)));

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
        var options = services.GetRequiredService<IOptions<PinfoldShardingOptions>>().Value;
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
