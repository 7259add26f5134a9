using Pinfold.Pinboard.Redis;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Feeds;

/// <summary>
/// Gives feeds, whatever the store has: one that is missing is read from the shards and put back, and while the store
/// does not answer it is read from them each time.
/// </summary>
sealed class FeedDesk(IFeedStore feeds, ImpliedFeeds implied, FeedLimits limits)
{
    /// <summary>How much is read from the shards where it cannot be put back, unless somebody is below it.</summary>
    const int WithoutStoreMax = 200;

    static readonly Dictionary<FeedSource, bool> NoneIsLarge = [];

    /// <summary>
    /// A home, and what is to be merged into it. Warm one round trip to the store, two where somebody large is
    /// followed.
    /// </summary>
    /// <exception cref="PinfoldException">The person's own shard does not answer, and the feed is missing.</exception>
    public async Task<OpenedFeed> OpenAsync(
        ObjectId<User> person, FeedPosition? after, int count, CancellationToken cancellation)
    {
        try
        {
            var (home, failure) = await GetAsync(FeedKey.Home(person), after, count, cancellation);
            var keys = home.Large.Select(FeedKey.Recent).ToList();
            var parts = keys.Count == 0 ? []
                : await feeds.ReadAsync([.. keys.Select(key => new FeedRead(key, after, count))], cancellation);
            var recent = new List<(FeedSource, FeedPart)>();
            foreach (var (key, part) in keys.Zip(parts))
            {
                var (read, why) = part is null ? await BuildAsync(key, after, count, cancellation) : (part, null);
                failure ??= why;
                recent.Add((new FeedSource(key.Owner), read));
            }
            return new OpenedFeed(home, recent, failure);
        }
        catch (RedisUnavailableException)
        {
            var build = await implied.ReadHomeAsync(
                person, after is null ? Math.Min(WithoutStoreMax, limits.EntriesMax) : limits.EntriesMax,
                _ => Task.FromResult<IReadOnlyDictionary<FeedSource, bool>>(NoneIsLarge), cancellation);
            return new OpenedFeed(Part(build.Build, after, count), [], build.Failure);
        }
    }

    /// <summary>Reads a feed from the shards, and puts it in the place of what is there. False: something is missing.
    /// </summary>
    /// <exception cref="RedisUnavailableException">It cannot be put.</exception>
    public async Task<bool> RebuildAsync(FeedKey feed, CancellationToken cancellation)
    {
        var lease = await feeds.BeginAsync(feed, anew: true, cancellation);
        var build = await ReadAsync(feed, cancellation);
        return lease is not null && build.Failure is null && await feeds.PutAsync(lease, build.Build, cancellation);
    }

    async Task<(FeedPart Part, PinfoldException? Failure)> GetAsync(
        FeedKey feed, FeedPosition? after, int count, CancellationToken cancellation) =>
        (await feeds.ReadAsync([new FeedRead(feed, after, count)], cancellation))[0] is { } part
            ? (part, null)
            : await BuildAsync(feed, after, count, cancellation);

    async Task<(FeedPart Part, PinfoldException? Failure)> BuildAsync(
        FeedKey feed, FeedPosition? after, int count, CancellationToken cancellation)
    {
        var lease = await feeds.BeginAsync(feed, anew: false, cancellation);
        var build = await ReadAsync(feed, cancellation);
        if (lease is not null && build.Failure is null)
            await feeds.PutAsync(lease, build.Build, cancellation);
        return (Part(build.Build, after, count), build.Failure);
    }

    Task<ImpliedFeed> ReadAsync(FeedKey feed, CancellationToken cancellation) => feed.Kind == FeedKind.Home
        ? implied.ReadHomeAsync(User.Type.Id(feed.Owner), limits.EntriesMax,
            sources => feeds.FindLargeAsync(sources, cancellation), cancellation)
        : implied.ReadRecentAsync(new FeedSource(feed.Owner), cancellation);

    static FeedPart Part(FeedBuild build, FeedPosition? after, int count)
    {
        var floor = build.Content.Floor;
        var entries = build.Content.Entries.Where(entry => floor is null || entry.Sequence > floor)
            .OrderBy(entry => entry.Position).ToList();
        var above = after is null ? 0 : entries.TakeWhile(entry => entry.Position.CompareTo(after.Value) <= 0).Count();
        return new FeedPart(
            [.. entries.Take(above + count)], entries.Count > above + count, floor,
            [.. build.Sources.Where(source => source.Value == SourceState.Large).Select(source => source.Key)],
            [.. build.LeftOut]);
    }
}

/// <summary>The upper part of a home.</summary>
/// <param name="Home">What is put into it.</param>
/// <param name="Recent">What is merged into it.</param>
/// <param name="Failure">Why something is missing; null when nothing is.</param>
sealed record OpenedFeed(
    FeedPart Home, IReadOnlyList<(FeedSource Source, FeedPart Part)> Recent, PinfoldException? Failure);
