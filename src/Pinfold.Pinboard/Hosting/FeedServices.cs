using Microsoft.Extensions.DependencyInjection;
using Pinfold.Pinboard.Feeds;
using Pinfold.Pinboard.Feeds.InMemory;
using Pinfold.Pinboard.Feeds.InRedis;
using Pinfold.Pinboard.Redis;
using Pinfold.Sharding.Hosting;
using Pinfold.Sharding.Topology;

namespace Pinfold.Pinboard.Hosting;

/// <summary>Home feeds: in the Redis that the topology names for them, else in the memory of each process.</summary>
static class FeedServices
{
    public static void AddFeeds(this PinfoldShardingBuilder shards, TopologyMap map)
    {
        if (map.Redis.ContainsKey(RedisRole.Feeds.Name))
        {
            shards.Services.AddSingleton<IFeedStore>(services => new RedisFeedStore(
                services.GetRequiredService<RedisLinks>().Find(RedisRole.Feeds)!, map.Databases.Prefix,
                services.GetRequiredService<FeedLimits>(), services.GetRequiredService<TimeProvider>()));
            shards.AddFollower<FeedFollower>();
        }
        else
        {
            shards.Services.AddSingleton<MemoryFeedStore>();
            shards.Services.AddSingleton<IFeedStore>(services => services.GetRequiredService<MemoryFeedStore>());
            shards.AddFollower<LocalFeedFollower>();
        }
        shards.Services.AddSingleton(FeedLimits.Default);
        shards.Services.AddSingleton<FeedPins>();
        shards.Services.AddSingleton<ImpliedFeeds>();
        shards.Services.AddSingleton<Followers>();
        shards.Services.AddSingleton<FanOut>();
        shards.Services.AddSingleton<FeedDesk>();
        shards.Services.AddSingleton<HomeReader>();
        shards.Services.AddSingleton<FeedInspector>();
        shards.Services.AddSingleton<FeedRebuilder>();
    }
}
