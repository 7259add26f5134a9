using Pinfold.Sharding;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Feeds;

/// <summary>
/// Brings what the journal says into feeds. What is there now counts, not what a transaction found, under the number of
/// that transaction: so it may come again, and late.
/// </summary>
sealed class FanOut(
    ShardedStore store, IFeedStore feeds, FeedPins pins, ImpliedFeeds implied, Followers followers)
{
    /// <summary>Some round trips for the batch, however many pins and followers are in it.</summary>
    public async Task HandleAsync(IReadOnlyList<JournalTransaction> batch, CancellationToken cancellation)
    {
        if (feeds.IsEmpty)
            return;
        var events = FeedEvents.Of(batch);
        // Before follows are looked at, for a pin may show that who is followed is large.
        var ofPins = await PinsAsync(events.Pins, cancellation);
        List<FeedChange> changes =
        [
            .. await FollowsAsync(events.Follows, cancellation),
            .. await LeftOutAsync(events.LeftOut, cancellation),
            .. ofPins,
        ];
        if (changes.Count > 0)
            await feeds.ApplyAsync(changes, cancellation);
    }

    async Task<List<FeedChange>> PinsAsync(
        Dictionary<ObjectId<Pin>, FeedEvents.TouchedPin> touched, CancellationToken cancellation)
    {
        if (touched.Count == 0)
            return [];
        var found = await pins.FindAsync(touched.Keys, cancellation);
        if (found.Failure is { } failure)
            throw failure;
        var entries = found.Entries.ToDictionary(
            entry => entry.Pin, entry => entry with { Seq = Math.Max(entry.Seq, touched[entry.Pin].Seq) });
        foreach (var entry in entries.Values)
            touched[entry.Pin].Sources.UnionWith([FeedSource.Of(entry.Author), FeedSource.Of(entry.Board)]);

        var bySource = touched.SelectMany(pin => pin.Value.Sources.Select(source => (Source: source, Pin: pin.Key)))
            .ToLookup(pair => pair.Source, pair => pair.Pin);
        var audiences = await followers.FeedsOfAsync(
            bySource.ToDictionary(source => source.Key, source => source.Max(pin => touched[pin].Seq)), cancellation);
        var changes = new List<FeedChange>();
        foreach (var source in bySource)
        {
            var audience = audiences[source.Key];
            var shown = source.Where(entries.ContainsKey).Select(pin => entries[pin]).ToList();
            var gone = source.Where(pin => !entries.ContainsKey(pin))
                .Select(pin => new RemovedPin(pin, touched[pin].Seq)).ToList();
            if (audience.Count > 0 && shown.Count > 0)
                changes.Add(new PinsAdded(audience, shown));
            if (audience.Count > 0 && gone.Count > 0)
                changes.Add(new PinsRemoved(audience, gone));
        }
        return changes;
    }

    async Task<List<FeedChange>> FollowsAsync(
        Dictionary<(FeedSource Source, ObjectId<User> Follower), long> follows, CancellationToken cancellation)
    {
        var present = await feeds.FindPresentAsync(
            [.. follows.Keys.Select(follow => FeedKey.Home(follow.Follower)).Distinct()], cancellation);
        var concerned = follows.Where(follow => present.Contains(FeedKey.Home(follow.Key.Follower))).ToList();
        var large = await feeds.FindLargeAsync([.. concerned.Select(follow => follow.Key.Source)], cancellation);
        var changes = new List<FeedChange>();
        foreach (var bySource in concerned.GroupBy(follow => follow.Key.Source))
        {
            var source = bySource.Key;
            var now = await followers.FindAsync(
                source, [.. bySource.Select(follow => follow.Key.Follower)], cancellation);
            var isLarge = large.ContainsKey(source);
            var recent = now.Count == 0 || isLarge ? FeedContent.Empty
                : await RecentAsync(source, bySource.Max(follow => follow.Value), cancellation);
            changes.AddRange(bySource.Select(follow => now.Contains(follow.Key.Follower)
                ? new SourceChanged(FeedKey.Home(follow.Key.Follower), source,
                    isLarge ? SourceState.Large : SourceState.Followed, follow.Value, recent)
                : new SourceChanged(
                    FeedKey.Home(follow.Key.Follower), source, SourceState.None, follow.Value, FeedContent.Empty)));
        }
        return changes;
    }

    async Task<List<FeedChange>> LeftOutAsync(
        Dictionary<(ObjectId<User> Person, ObjectId<Board> Board), long> leftOut, CancellationToken cancellation)
    {
        var present = await feeds.FindPresentAsync(
            [.. leftOut.Keys.Select(left => FeedKey.Home(left.Person)).Distinct()], cancellation);
        var changes = new List<FeedChange>();
        foreach (var ((person, board), seq) in leftOut)
        {
            if (!present.Contains(FeedKey.Home(person)))
                continue;
            var read = store.Read();
            var entries = read.Entries(UserLeavesOutBoard, person, [board]);
            await read.ExecuteAsync(cancellation);
            var isLeftOut = entries.Value.Count > 0;
            changes.Add(new BoardLeftOut(FeedKey.Home(person), board, isLeftOut, seq,
                isLeftOut ? FeedContent.Empty : await RecentAsync(FeedSource.Of(board), 0, cancellation)));
        }
        return changes;
    }

    /// <summary>As they are after that number.</summary>
    async Task<FeedContent> RecentAsync(FeedSource source, long seq, CancellationToken cancellation)
    {
        var recent = await implied.ReadRecentAsync(source, cancellation);
        if (recent.Failure is { } failure)
            throw failure;
        var content = recent.Build.Content;
        return content with
        {
            Entries = [.. content.Entries.Select(entry => entry with { Seq = Math.Max(entry.Seq, seq) })],
        };
    }
}
