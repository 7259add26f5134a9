using Pinfold.Sharding;

namespace Pinfold.Pinboard.Feeds;

/// <summary>
/// Where feeds are kept. Each is either as the shards imply it, as far down as it goes, or missing; so all of it can be
/// lost at any time, and costs reading. Changes under older journal numbers than what is there change nothing.
/// </summary>
interface IFeedStore
{
    /// <summary>Whether there is anything that changes could change; only a store in memory can tell.</summary>
    bool IsEmpty { get; }

    /// <summary>
    /// Feeds place by place, null where one is missing or still being built. They count as seen. One round trip.
    /// </summary>
    /// <exception cref="PinfoldException">Unavailable: they cannot be read now.</exception>
    Task<IReadOnlyList<FeedPart?>> ReadAsync(IReadOnlyList<FeedRead> reads, CancellationToken cancellation);

    /// <summary>
    /// Changes feeds, in this order for each of them. One round trip to each node of the store; for more than some
    /// thousand requests, one for each so many.
    /// </summary>
    /// <exception cref="PinfoldException">Unavailable: some are changed, and some may be not; do all of it again.
    /// </exception>
    Task ApplyAsync(IReadOnlyList<FeedChange> changes, CancellationToken cancellation);

    /// <summary>
    /// Begins to build a feed that is missing: from now on changes are gathered, so that none is lost while the shards
    /// are read. Null: somebody else is at it, or it is there by now. The lease ends by itself.
    /// </summary>
    /// <param name="feed">Which.</param>
    /// <param name="anew">Drops it if it is there, and takes it over from whoever is at it.</param>
    /// <param name="cancellation">Of the request.</param>
    /// <exception cref="PinfoldException">Unavailable.</exception>
    Task<FeedLease?> BeginAsync(FeedKey feed, bool anew, CancellationToken cancellation);

    /// <summary>
    /// Puts what was read after <see cref="BeginAsync"/> beside what was gathered meanwhile. False: the lease has
    /// ended.
    /// </summary>
    /// <exception cref="PinfoldException">Unavailable.</exception>
    Task<bool> PutAsync(FeedLease lease, FeedBuild build, CancellationToken cancellation);

    /// <summary>Those of these feeds that are there, or being built. One round trip to each node.</summary>
    /// <exception cref="PinfoldException">Unavailable.</exception>
    Task<IReadOnlySet<FeedKey>> FindPresentAsync(
        IReadOnlyCollection<FeedKey> feeds, CancellationToken cancellation);

    /// <summary>Those of these sources that are large, each with whether every feed was told. One round trip.</summary>
    /// <exception cref="PinfoldException">Unavailable.</exception>
    Task<IReadOnlyDictionary<FeedSource, bool>> FindLargeAsync(
        IReadOnlyCollection<FeedSource> sources, CancellationToken cancellation);

    /// <summary>
    /// Marks a source as large: before the feeds of its followers are told, so that whoever builds one meanwhile knows
    /// it, and afterwards. It stays so, however few follow it later, so that nobody at the limit goes to and fro.
    /// </summary>
    /// <exception cref="PinfoldException">Unavailable.</exception>
    Task MarkLargeAsync(FeedSource source, bool isTold, CancellationToken cancellation);
}

/// <summary>The right to build a feed.</summary>
/// <param name="Feed">Which.</param>
/// <param name="Token">Nobody else's.</param>
/// <param name="Run">What the store was when it was given; it is worth nothing to another.</param>
sealed record FeedLease(FeedKey Feed, Guid Token, string Run);
