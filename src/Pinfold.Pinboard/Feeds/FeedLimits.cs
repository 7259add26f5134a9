namespace Pinfold.Pinboard.Feeds;

/// <summary>How much feeds hold, and how long.</summary>
sealed record FeedLimits
{
    public static readonly FeedLimits Default = new();

    /// <summary>How many pins a feed holds. It may have a tenth more for a while, cut off all at once.</summary>
    public int EntriesMax { get; init; } = 1000;

    /// <summary>
    /// A feed that was cut off, and has fewer because others were taken out, is dropped, to be read anew.
    /// </summary>
    public int EntriesMin => EntriesMax / 2;

    /// <summary>How many followers somebody has at most whose pins are put into each of their feeds.</summary>
    public int FollowersMax { get; init; } = 10_000;

    /// <summary>How long a feed is kept that nobody looks at.</summary>
    public TimeSpan UnseenMax { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long whoever reads a missing feed from the shards has for it.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long what was taken out is remembered, so that what is late does not bring it back: longer than anything
    /// that reads the journal may be under way.
    /// </summary>
    public TimeSpan RemembersRemoved { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How long after a process has met a Redis for the first time, or its new primary, a feed that it puts there is
    /// kept at most: whoever still writes to the old primary has found the new one by then.
    /// </summary>
    public TimeSpan Unsettled { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How many feeds a process keeps in its own memory; those seen least recently go first.</summary>
    public int FeedsInMemoryMax { get; init; } = 1000;
}
