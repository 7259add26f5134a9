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
/// follower on one pipelined connection of the same client. An operation is a batch: so many pins,
/// to so many followers each.
/// </summary>
static class FanOutBenchmark
{
    const string RedisEngine = "redis";

    /// <summary>Feeds stay from the first moment on.</summary>
    static readonly FeedLimits Limits = new() { Unsettled = TimeSpan.Zero };

    public static async Task<IReadOnlyList<ContestResult>> RunAsync(Options options)
    {
        await using var server = await RedisServer.StartAsync();
        var spec = new RedisServerSpec(new HostPort("127.0.0.1", server.Port));
        await using var link = new RedisLink(
            spec, RedisRole.Feeds.Name, new RedisMetrics(), TimeProvider.System, NullLogger.Instance);
        var feeds = new RedisFeedStore(link, "bench", Limits, TimeProvider.System);
        await using var bare = await ConnectionMultiplexer.ConnectAsync(server.Address);
        var results = new List<ContestResult>();
        (int, int)[] batches = options.IsSmoke ? [(2, 50)] : [(1, 100), (1, 1000), (1, 10_000), (10, 1000)];
        foreach (var (pins, followers) in batches)
            results.Add(await RunAsync(options, server, feeds, bare.GetDatabase(), pins, followers));
        return results;
    }

    static async Task<ContestResult> RunAsync(
        Options options, RedisServer server, RedisFeedStore feeds, IDatabase bare, int pins, int followers)
    {
        var author = User.Type.Id(new ObjectId(new ShardId(1), User.Type.Number, (followers * 10L) + pins));
        var board = Board.Type.Id(new ObjectId(new ShardId(1), Board.Type.Number, author.Local));
        FeedKey[] keys = [.. Enumerable.Range(1, followers).Select(i =>
            FeedKey.Home(User.Type.Id(new ObjectId(new ShardId(2), User.Type.Number, (author.Local * 100_000) + i))))];
        var sources = new Dictionary<FeedSource, SourceState> { [FeedSource.Of(author)] = SourceState.Followed };
        foreach (var key in keys)
            await feeds.PutAsync(
                (await feeds.BeginAsync(key, anew: true, default))!, new FeedBuild(sources, [], FeedContent.Empty),
                default);
        RedisKey[] sets = [.. Enumerable.Range(1, followers).Select(i => (RedisKey)$"bare:{author.Local}:{i}")];
        var (pinned, added) = (0L, 0L);

        var contest = new Contest(
            $"{pins} at once to {followers:N0} followers", 1, options with { Engine = RedisEngine }, [server]);
        var result = await contest.RunAsync(
            new Contender("Pinfold", async (_, _) =>
            {
                FeedEntry[] entries = [.. Enumerable.Range(0, pins).Select(_ => Entry(++pinned, author, board))];
                await feeds.ApplyAsync([new PinsAdded(keys, entries)], default);
            }),
            new Contender("bare ZADD", async (_, _) =>
            {
                var members = Enumerable.Range(0, pins).Select(_ => ++added).ToArray();
                await Task.WhenAll(members.SelectMany(number => sets.Select(
                    set => bare.SortedSetAddAsync(set, BitConverter.GetBytes(number % 1000), number))));
            }));
        var parts = await feeds.ReadAsync([new FeedRead(keys[0], null, 1), new FeedRead(keys[^1], null, 1)], default);
        MismatchException.Unless(parts.All(part => part?.Entries[0].Sequence == pinned), "the last pin is not on top");
        return result;
    }

    static FeedEntry Entry(long number, ObjectId<User> author, ObjectId<Board> board) => new(
        Pin.Type.Id(new ObjectId(new ShardId(1), Pin.Type.Number, number)), author, board, number, (ulong)number,
        number);
}
