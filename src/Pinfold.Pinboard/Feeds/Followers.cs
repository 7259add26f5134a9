using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Feeds;

/// <summary>Into which feeds the pins of a source go: its followers', or its own if they are too many.</summary>
sealed class Followers(ShardedStore store, IFeedStore feeds, FeedLimits limits)
{
    const int ReadsPerBatch = 100;
    const int ToldAtOnce = 1000;

    /// <summary>
    /// The feeds of each source; with a source that has just become large, all its followers' feeds are told first. One
    /// round trip to the store, one to each server.
    /// </summary>
    /// <param name="sources">With the number, in the journal of their shard, that asks.</param>
    /// <param name="cancellation">Of the batch.</param>
    public async Task<Dictionary<FeedSource, IReadOnlyList<FeedKey>>> FeedsOfAsync(
        IReadOnlyDictionary<FeedSource, long> sources, CancellationToken cancellation)
    {
        var large = await feeds.FindLargeAsync([.. sources.Keys], cancellation);
        var found = new Dictionary<FeedSource, IReadOnlyList<FeedKey>>();
        foreach (var part in sources.Keys.Where(source => !large.ContainsKey(source)).Chunk(ReadsPerBatch))
        {
            var read = store.Read();
            var pages = Array.ConvertAll(part, source => Page(read, source, new PageRequest(limits.FollowersMax)));
            await read.ExecuteAsync(cancellation);
            foreach (var (source, page) in part.Zip(pages))
                if (page.Value.Next is null)
                    found[source] = [.. page.Value.Items.Select(entry => FeedKey.Home(entry.To))];
        }
        foreach (var (source, seq) in sources)
        {
            if (found.ContainsKey(source))
                continue;
            if (!large.GetValueOrDefault(source))
                await TellAsync(source, seq, cancellation);
            found[source] = [FeedKey.Recent(source)];
        }
        return found;
    }

    /// <summary>Which of these follow the source now. One round trip.</summary>
    public async Task<IReadOnlySet<ObjectId<User>>> FindAsync(
        FeedSource source, IReadOnlyList<ObjectId<User>> people, CancellationToken cancellation)
    {
        var following = new HashSet<ObjectId<User>>();
        foreach (var part in people.Chunk(PageRequest.LimitMax))
        {
            var read = store.Read();
            var entries = source.IsBoard
                ? read.Entries(BoardFollowedByUser, Board.Type.Id(source.Id), part)
                : read.Entries(UserFollowedByUser, User.Type.Id(source.Id), part);
            await read.ExecuteAsync(cancellation);
            following.UnionWith(entries.Value.Select(entry => entry.To));
        }
        return following;
    }

    /// <summary>
    /// Cut short, all of it is done again: the mark says so. Where a mark was lost, the source's own feed may have
    /// missed what went to its followers meanwhile.
    /// </summary>
    async Task TellAsync(FeedSource source, long seq, CancellationToken cancellation)
    {
        await feeds.MarkLargeAsync(source, isTold: false, cancellation);
        await feeds.ApplyAsync([new FeedsDropped([FeedKey.Recent(source)])], cancellation);
        for (var request = new PageRequest(ToldAtOnce); ;)
        {
            var read = store.Read();
            var page = Page(read, source, request);
            await read.ExecuteAsync(cancellation);
            var present = await feeds.FindPresentAsync(
                [.. page.Value.Items.Select(entry => FeedKey.Home(entry.To))], cancellation);
            await feeds.ApplyAsync(
                [.. present.Select(feed => new SourceChanged(
                    feed, source, SourceState.Large, seq, FeedContent.Empty))], cancellation);
            if (page.Value.Next is null)
                break;
            request = request with { Cursor = page.Value.Next };
        }
        await feeds.MarkLargeAsync(source, isTold: true, cancellation);
    }

    static Answer<Page<Entry<User>>> Page(ReadBatch read, FeedSource source, PageRequest request) => source.IsBoard
        ? read.Page(BoardFollowedByUser, Board.Type.Id(source.Id), request)
        : read.Page(UserFollowedByUser, User.Type.Id(source.Id), request);
}
