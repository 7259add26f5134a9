using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MySqlConnector;
using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Feeds;
using Pinfold.Pinboard.Feeds.InMemory;
using Pinfold.Pinboard.Follows;
using Pinfold.Sharding.Following;
using Pinfold.Testing;
using Pinfold.Testing.Servers;
using Xunit;

namespace Pinfold.Pinboard.Tests.Follows;

/// <summary>A pinboard whose follows and feeds are put to the proof, and what loses its feeds.</summary>
sealed class StepPinboard : IAsyncDisposable
{
    readonly List<IAsyncDisposable> _servers;
    readonly TempFolder _folder;

    StepPinboard(TestPinboard pinboard, Func<Task> emptyAsync, List<IAsyncDisposable> servers, TempFolder folder) =>
        (Pinboard, EmptyFeedsAsync, _servers, _folder) = (pinboard, emptyAsync, servers, folder);

    public TestPinboard Pinboard { get; }

    /// <summary>All feeds are missing from now on; in Redis also who is large.</summary>
    public Func<Task> EmptyFeedsAsync { get; }

    /// <summary>The Redis that has the feeds; null where they are in memory.</summary>
    public RedisServer? Redis => _servers.OfType<RedisServer>().SingleOrDefault();

    public static TheoryData<string> Engines => ["SQLite", "MariaDB"];

    public static Task<StepPinboard> StartAsync(string engine, FeedLimits limits) =>
        engine == "SQLite" ? OnSqliteAsync(limits) : OnServersAsync(limits);

    /// <summary>The followers that take part in follows and feeds.</summary>
    public KilledFollowers Followers(int stepsBetweenLooks) => new(
        Pinboard,
        [
            Pinboard.Follower<FollowEndFollower>(), Pinboard.Follower<PublicListFollower>(),
            Pinboard.Follower<FeedFollower>(),
        ],
        "reverses", FollowEndFollower.FollowerName, "public-lists", "feeds")
    {
        StepsBetweenLooks = stepsBetweenLooks,
    };

    /// <summary>
    /// Feeds are in memory, and a follower with cursors fills them: it can be waited for, and put back.
    /// </summary>
    static async Task<StepPinboard> OnSqliteAsync(FeedLimits limits)
    {
        var pinboard = await TestPinboard.StartAsync(replace: services =>
        {
            services.Replace(ServiceDescriptor.Singleton(limits));
            services.Remove(services.Single(s => s.ImplementationType == typeof(LocalFeedFollower)));
            services.AddSingleton<IFollower, FeedFollower>();
        });
        var feeds = pinboard.Get<MemoryFeedStore>();
        return new StepPinboard(pinboard, () =>
        {
            feeds.Clear();
            return Task.CompletedTask;
        }, [], new TempFolder("steps"));
    }

    /// <summary>Eight shards on MariaDB, with Memcached, and feeds in Redis.</summary>
    static async Task<StepPinboard> OnServersAsync(FeedLimits limits)
    {
        var folder = new TempFolder("steps");
        var (cache, redis) = (await MemcachedServer.StartAsync(), await RedisServer.StartAsync());
        var account = new MySqlConnectionStringBuilder((await TestServers.MariaDbAsync()).ConnectionString);
        await File.WriteAllTextAsync(folder["password"], account.Password);
        var pinboard = await TestPinboard.StartAsync(
            $$"""
            {
              "version": 1, "shardCount": 8, "databasePrefix": "{{DatabasePrefix.Next()}}",
              "servers": [
                { "name": "db", "engine": "mysql", "host": "127.0.0.1", "port": {{account.Port}},
                  "user": "{{account.UserID}}", "passwordFile": "{{folder["password"]}}", "tls": "none" },
              ],
              "shards": [{ "first": 0, "last": 7, "server": "db", "epoch": 1 }],
              "cache": { "memcached": [ "{{cache.Address}}" ] },
              "redis": { "feeds": { "server": "{{redis.Address}}" } },
            }
            """,
            replace: services => services.Replace(ServiceDescriptor.Singleton(limits)));
        return new StepPinboard(pinboard, () => redis.AskAsync("FLUSHALL"), [cache, redis], folder);
    }

    public async ValueTask DisposeAsync()
    {
        await Pinboard.DisposeAsync();
        foreach (var server in _servers)
            await server.DisposeAsync();
        _folder.Dispose();
    }
}
