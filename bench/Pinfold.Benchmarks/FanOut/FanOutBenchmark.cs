using Microsoft.Extensions.Logging.Abstractions;
using Pinfold.Pinboard;
using Pinfold.Pinboard.Feeds;
using Pinfold.Pinboard.Feeds.InRedis;
using Pinfold.Pinboard.Redis;
using Pinfold.Sharding;
using Pinfold.Sharding.Topology;
using Pinfold.Testing.Servers;
using StackExchange.Redis;

namespace Pinfold.Benchmarks.FanOut;

/// <summary>
/// A pin into the feeds of its author's followers, with all that a feed keeps and refuses, beside a bare ZADD for each
/// follower on one pipelined connection of the same client. An operation is one pin; so many followers each.
/// </summary>
static class FanOutBenchmark
{
    const string RedisEngine = "redis";

    public static async Task<IReadOnlyList<ContestResult>> RunAsync(Options options)
    {
        await using var server = await RedisServer.StartAsync();
        var spec = new RedisServerSpec(new HostPort("127.0.0.1", server.Port));
        await using var link = new RedisLink(
            spec, RedisRole.Feeds.Name, new RedisMetrics(), TimeProvider.System, NullLogger.Instance);
        var feeds = new RedisFeedStore(link, "bench", FeedLimits.Default, TimeProvider.System);
        await using var bare = await ConnectionMultiplexer.ConnectAsync(server.Address);
        var results = new List<ContestResult>();
        foreach (var followers in options.IsSmoke ? [50] : (int[])[100, 1000, 10_000])
            results.Add(await RunAsync(options, server, feeds, bare.GetDatabase(), followers));
        return results;
    }

    static async Task<ContestResult> RunAsync(
        Options options, RedisServer server, RedisFeedStore feeds, IDatabase bare, int followers)
    {
        var author = User.Type.Id(new ObjectId(new ShardId(1), User.Type.Number, followers));
        var board = Board.Type.Id(new ObjectId(new ShardId(1), Board.Type.Number, followers));
        FeedKey[] keys = [.. Enumerable.Range(1, followers).Select(i =>
            FeedKey.Home(User.Type.Id(new ObjectId(new ShardId(2), User.Type.Number, (followers * 10L) + i))))];
        var sources = new Dictionary<FeedSource, SourceState> { [FeedSource.Of(author)] = SourceState.Followed };
        foreach (var key in keys)
            await feeds.PutAsync(
                (await feeds.BeginAsync(key, anew: true, default))!, new FeedBuild(sources, [], FeedContent.Empty),
                default);
        RedisKey[] sets = [.. Enumerable.Range(1, followers).Select(i => (RedisKey)$"bare:{followers}:{i}")];
        var (pinned, added) = (0L, 0L);

        var contest = new Contest(
            $"A pin to {followers:N0} followers", 1, options with { Engine = RedisEngine }, [server]);
        var result = await contest.RunAsync(
            new Contender("Pinfold", async (_, _) =>
            {
                var number = ++pinned;
                var pin = Pin.Type.Id(new ObjectId(new ShardId(1), Pin.Type.Number, number));
                await feeds.ApplyAsync(
                    [new PinsAdded(keys, [new FeedEntry(pin, author, board, number, (ulong)number, number)])], default);
            }),
            new Contender("bare ZADD", async (_, _) =>
            {
                var number = ++added;
                var member = BitConverter.GetBytes(number % 1000);
                await Task.WhenAll(sets.Select(set => bare.SortedSetAddAsync(set, member, number)));
            }));
        var parts = await feeds.ReadAsync([new FeedRead(keys[0], null, 1), new FeedRead(keys[^1], null, 1)], default);
        MismatchException.Unless(parts.All(part => part?.Entries[0].Sequence == pinned), "the last pin is not on top");
        return result;
    }
}
