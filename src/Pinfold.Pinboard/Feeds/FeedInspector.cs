using Pinfold.Sharding;

namespace Pinfold.Pinboard.Feeds;

/// <summary>Shows a feed as it is kept, beside what the shards imply; it does not count as seen by its owner.</summary>
sealed class FeedInspector(IFeedStore feeds, ImpliedFeeds implied, FeedLimits limits)
{
    /// <exception cref="PinfoldException">Unavailable: feeds or shards cannot be read.</exception>
    public async Task<InspectedFeed> InspectAsync(ObjectId<User> person, CancellationToken cancellation)
    {
        var key = FeedKey.Home(person);
        var isThere = (await feeds.FindPresentAsync([key], cancellation)).Count > 0;
        var kept = isThere
            ? (await feeds.ReadAsync([new FeedRead(key, null, limits.EntriesMax)], cancellation))[0] : null;
        var should = await implied.ReadHomeAsync(
            person, limits.EntriesMax, sources => feeds.FindLargeAsync(sources, cancellation), cancellation);
        if (should.Failure is { } failure)
            throw failure;
        var content = should.Build.Content;
        var floor = Math.Max(kept?.Floor ?? long.MinValue, content.Floor ?? long.MinValue);
        var right = content.Entries.Where(entry => entry.Sequence > floor)
            .OrderBy(entry => entry.Position).ToList();
        var large = should.Build.Sources.Where(source => source.Value == SourceState.Large)
            .Select(source => source.Key).ToList();
        if (kept is null)
            return new InspectedFeed(false, right, large, 0, 0);
        var (have, want) = (Identities(kept.Entries.Where(entry => entry.Sequence > floor)), Identities(right));
        return new InspectedFeed(true, kept.Entries, large, want.Except(have).Count(), have.Except(want).Count());
    }

    static HashSet<FeedEntry> Identities(IEnumerable<FeedEntry> entries) =>
        [.. entries.Select(entry => entry with { Seq = 0 })];
}

/// <summary>A feed, and how it differs from what it should be.</summary>
/// <param name="IsKept">Whether it is there; otherwise the entries are what would be in it.</param>
/// <param name="Entries">Newest first; a picture may be here more than once.</param>
/// <param name="Large">What is merged in when it is read, and so is not among the entries.</param>
/// <param name="Missing">How many pins it lacks.</param>
/// <param name="Excess">How many it has that it should not.</param>
sealed record InspectedFeed(
    bool IsKept, IReadOnlyList<FeedEntry> Entries, IReadOnlyList<FeedSource> Large, int Missing, int Excess);
