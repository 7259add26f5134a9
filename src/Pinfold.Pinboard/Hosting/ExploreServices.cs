using Microsoft.Extensions.DependencyInjection;
using Pinfold.Pinboard.Explore;
using Pinfold.Pinboard.Explore.InMemory;
using Pinfold.Pinboard.Explore.InRedis;
using Pinfold.Pinboard.Redis;
using Pinfold.Sharding.Hosting;
using Pinfold.Sharding.Topology;

namespace Pinfold.Pinboard.Hosting;

/// <summary>What there is to explore: in the Redis that the topology names for it, else in each process.</summary>
static class ExploreServices
{
    public static void AddExplore(this PinfoldShardingBuilder shards, TopologyMap map)
    {
        if (map.Redis.ContainsKey(RedisRole.Counters.Name))
        {
            shards.Services.AddSingleton<IExploreStore>(services => new RecentExplore(
                new RedisExploreStore(
                    services.GetRequiredService<RedisLinks>().Find(RedisRole.Counters)!, map.Databases.Prefix,
                    services.GetRequiredService<ExploreLimits>()),
                services.GetRequiredService<TimeProvider>()));
            shards.AddFollower<ExploreFollower>();
        }
        else
        {
            shards.Services.AddSingleton<MemoryExploreStore>();
            shards.Services.AddSingleton<IExploreStore>(services => services.GetRequiredService<MemoryExploreStore>());
            shards.AddFollower<LocalExploreFollower>();
        }
        shards.Services.AddSingleton(ExploreLimits.Default);
        shards.Services.AddSingleton<HotPins>();
        shards.Services.AddSingleton<ImpliedExplore>();
        shards.Services.AddSingleton<ExploreKeeper>();
        shards.Services.AddSingleton<ExploreReader>();
    }
}
