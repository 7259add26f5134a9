using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Feeds;

/// <summary>What feeds should hold: reads it from the shards, which are the truth of it.</summary>
sealed class ImpliedFeeds(ShardedStore store, FeedPins pins, FeedLimits limits)
{
    static readonly PageRequest All = new(PageRequest.LimitMax);

    /// <summary>
    /// A person's home: one round trip for what they follow, one to each server for what was pinned, two for the pins;
    /// more where much was pinned by few, or is left out.
    /// </summary>
    /// <param name="person">Whose.</param>
    /// <param name="entriesMax">How much of it.</param>
    /// <param name="findLarge">Which sources are not to be in it, but merged in.</param>
    /// <param name="cancellation">Of the request.</param>
    /// <exception cref="PinfoldException">The person's own shard does not answer.</exception>
    public async Task<ImpliedFeed> ReadHomeAsync(
        ObjectId<User> person, int entriesMax,
        Func<IReadOnlyCollection<FeedSource>, Task<IReadOnlyDictionary<FeedSource, bool>>> findLarge,
        CancellationToken cancellation)
    {
        var read = store.Read();
        var people = read.Page(UserFollowsUser, person, All);
        var boards = read.Page(UserFollowsBoard, person, All);
        var leftOut = read.Page(UserLeavesOutBoard, person, All);
        await read.ExecuteAsync(cancellation);
        List<FeedSource> sources =
        [
            .. people.Value.Items.Select(entry => FeedSource.Of(entry.To)),
            .. boards.Value.Items.Select(entry => FeedSource.Of(entry.To)),
        ];
        var large = await findLarge(sources);
        var states = sources.ToDictionary(
            source => source, source => large.ContainsKey(source) ? SourceState.Large : SourceState.Followed);
        var without = leftOut.Value.Items.Select(entry => entry.To).ToHashSet();
        var (content, failure) = await ReadAsync(
            [.. sources.Where(source => !large.ContainsKey(source))], entriesMax,
            entry => states.GetValueOrDefault(FeedSource.Of(entry.Board)) == SourceState.Followed
                || (states.GetValueOrDefault(FeedSource.Of(entry.Author)) == SourceState.Followed
                    && !without.Contains(entry.Board)),
            cancellation);
        return new ImpliedFeed(new FeedBuild(states, without, content), failure);
    }

    /// <summary>The recent pins of one source: a round trip for the list, two for the pins.</summary>
    public async Task<ImpliedFeed> ReadRecentAsync(FeedSource source, CancellationToken cancellation)
    {
        var (content, failure) = await ReadAsync([source], limits.EntriesMax, _ => true, cancellation);
        return new ImpliedFeed(
            new FeedBuild(new Dictionary<FeedSource, SourceState> { [source] = SourceState.Followed }, [], content),
            failure);
    }

    async Task<(FeedContent Content, PinfoldException? Failure)> ReadAsync(
        IReadOnlyCollection<FeedSource> sources, int entriesMax, Func<FeedEntry, bool> wants,
        CancellationToken cancellation)
    {
        var pages = new SourcePages(store, sources, entriesMax);
        var entries = new List<FeedEntry>();
        PinfoldException? failure = null;
        long? floor = null;
        while (entries.Count < entriesMax && !pages.IsAll)
        {
            var taken = await pages.TakeAsync(entriesMax - entries.Count, cancellation);
            if (taken.Count == 0)
                break;
            var found = await pins.FindAsync([.. taken.Select(position => position.Pin)], cancellation);
            failure ??= found.Failure;
            entries.AddRange(found.Entries.Where(wants));
            floor = taken[^1].Sequence;
        }
        return (new FeedContent(entries, pages.IsAll ? null : floor ?? long.MaxValue), failure ?? pages.Failure);
    }
}

/// <summary>What a feed should hold.</summary>
/// <param name="Build">The feed.</param>
/// <param name="Failure">Why some of it is missing; null when nothing is.</param>
sealed record ImpliedFeed(FeedBuild Build, PinfoldException? Failure);
