using System.Collections.Concurrent;
using System.Globalization;
using Pinfold.Pinboard.Redis;
using Pinfold.Sharding;
using StackExchange.Redis;

namespace Pinfold.Pinboard.Feeds.InRedis;

/// <summary>
/// Feeds in Redis, changed by scripts, each within one slot. A feed bears the run of Redis in which it was built (its
/// replication id, which is another after each restart and failover): of another run it is missing, for nobody could
/// tell what was lost in between.
/// </summary>
sealed class RedisFeedStore(RedisLink link, string prefix, FeedLimits limits, TimeProvider time) : IFeedStore
{
    readonly FeedScripts _scripts = new(limits);
    readonly FeedNames _names = new(prefix);
    readonly ConcurrentDictionary<string, long> _runs = new();

    public bool IsEmpty => false;

    public async Task<IReadOnlyList<FeedPart?>> ReadAsync(
        IReadOnlyList<FeedRead> reads, CancellationToken cancellation)
    {
        var unseenMs = (long)limits.UnseenMax.TotalMilliseconds;
        var answers = await link.AskAsync("read", db => Task.WhenAll(reads.Select(read => db.ScriptEvaluateAsync(
            _scripts.ReadFeed, _names.Both(read.Feed), [unseenMs, read.Count + 1, FeedWire.Floor(read.After?.Sequence)],
            CommandFlags.DemandMaster))), cancellation);
        return [.. reads.Zip(answers, Part)];
    }

    public async Task ApplyAsync(IReadOnlyList<FeedChange> changes, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var requests = new FeedRequests(_scripts, _names, link.IsCluster, now);
        foreach (var part in changes.SelectMany(requests.Of).Chunk(FeedRequests.AtOnceMax))
            await link.AskAsync("change", async db =>
            {
                await Task.WhenAll(part.Select(request => request(db)));
                return true;
            }, cancellation);
    }

    public async Task<FeedLease?> BeginAsync(FeedKey feed, bool anew, CancellationToken cancellation)
    {
        var token = Guid.NewGuid();
        var run = (string?)await EvaluateAsync("begin", _scripts.Begin, feed,
            [token.ToByteArray(), (long)limits.Lease.TotalMilliseconds, anew ? "1" : "0"], cancellation);
        return run is null ? null : new FeedLease(feed, token, run);
    }

    public async Task<bool> PutAsync(FeedLease lease, FeedBuild build, CancellationToken cancellation)
    {
        var metAt = _runs.GetOrAdd(lease.Run, static (_, time) => time.GetTimestamp(), time);
        var unsettled = limits.Unsettled - time.GetElapsedTime(metAt);
        var isUnsettled = unsettled > TimeSpan.Zero;
        var arguments = new List<RedisValue>
        {
            lease.Token.ToByteArray(), lease.Run,
            Math.Max(1, (long)(isUnsettled ? unsettled : limits.UnseenMax).TotalMilliseconds),
            isUnsettled ? "1" : "0", time.GetUtcNow().ToUnixTimeMilliseconds(), FeedWire.Floor(build.Content.Floor),
            build.Sources.Count, build.LeftOut.Count,
        };
        foreach (var (source, state) in build.Sources)
            arguments.AddRange([FeedWire.Id(source.Id), FeedWire.State(source, state)]);
        arguments.AddRange(build.LeftOut.Select(board => FeedWire.Id(board)));
        FeedRequests.Add(arguments, build.Content.Entries);
        return (int)await EvaluateAsync("put", _scripts.Put, lease.Feed, [.. arguments], cancellation) == 1;
    }

    public async Task<IReadOnlySet<FeedKey>> FindPresentAsync(
        IReadOnlyCollection<FeedKey> feeds, CancellationToken cancellation)
    {
        var present = new HashSet<FeedKey>();
        foreach (var part in feeds.Chunk(FeedRequests.AtOnceMax))
        {
            var isThere = await link.AskAsync("present", db => Task.WhenAll(part.Select(
                feed => db.KeyExistsAsync(_names.Order(feed), CommandFlags.DemandMaster))), cancellation);
            present.UnionWith(part.Zip(isThere).Where(pair => pair.Second).Select(pair => pair.First));
        }
        return present;
    }

    public async Task<IReadOnlyDictionary<FeedSource, bool>> FindLargeAsync(
        IReadOnlyCollection<FeedSource> sources, CancellationToken cancellation)
    {
        var asked = sources.Distinct().ToList();
        var large = new Dictionary<FeedSource, bool>();
        if (asked.Count == 0)
            return large;
        var told = await link.AskAsync("large", db => db.HashGetAsync(
            _names.Large, [.. asked.Select(source => FeedWire.Id(source.Id))], CommandFlags.DemandMaster),
            cancellation);
        foreach (var (source, isTold) in asked.Zip(told).Where(pair => !pair.Second.IsNull))
            large[source] = isTold == FeedWire.Told;
        return large;
    }

    public Task MarkLargeAsync(FeedSource source, bool isTold, CancellationToken cancellation) => link.AskAsync(
        "large", db => db.HashSetAsync(
            _names.Large, FeedWire.Id(source.Id), isTold ? FeedWire.Told : FeedWire.NotTold, When.Always,
            CommandFlags.DemandMaster), cancellation);

    Task<RedisResult> EvaluateAsync(
        string operation, string script, FeedKey feed, RedisValue[] arguments, CancellationToken cancellation) =>
        link.AskAsync(operation, db => db.ScriptEvaluateAsync(
            script, _names.Both(feed), arguments, CommandFlags.DemandMaster), cancellation);

    static FeedPart? Part(FeedRead read, RedisResult answer)
    {
        if (answer.IsNull)
            return null;
        var floor = (string?)answer[0];
        var pins = (RedisValue[]?)answer[3] ?? [];
        var records = (RedisValue[]?)answer[4] ?? [];
        var entries = new List<FeedEntry>(records.Length);
        for (var i = 0; i < records.Length; i++)
            if (FeedWire.Entry(pins[2 * i], pins[(2 * i) + 1], records[i]) is { } entry)
                entries.Add(entry);
        // One more was asked for, to know whether there is one.
        var isBeyond = (FeedEntry entry) => read.After is null || entry.Position.CompareTo(read.After.Value) > 0;
        var above = entries.TakeWhile(entry => !isBeyond(entry)).Count();
        var hasMore = entries.Count - above > read.Count;
        return new FeedPart(
            hasMore ? entries[..(above + read.Count)] : entries, hasMore,
            string.IsNullOrEmpty(floor) ? null : (long)double.Parse(floor, CultureInfo.InvariantCulture),
            [.. FeedWire.Ids((RedisValue)answer[1]).Select(id => new FeedSource(id))],
            [.. FeedWire.Ids((RedisValue)answer[2]).Select(ObjectId<Board>.Of)]);
    }
}
