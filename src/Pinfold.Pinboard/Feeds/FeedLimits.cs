namespace Pinfold.Pinboard.Feeds;

/// <summary>How much feeds hold, and how long.</summary>
sealed record FeedLimits
{
    public static readonly FeedLimits Default = new();

    /// <summary>How many pins a feed holds. It may have a tenth more for a while, cut off all at once, and some
    /// more until then.</summary>
    public int EntriesMax { get; init; } = 1000;

    /// <summary>
    /// Whether a feed is looked at for being too full after these were added: one in eight pins says so, in every feed,
    /// which spares the others the question.
    /// </summary>
    public static bool IsToTrim(IReadOnlyList<FeedEntry> entries)
    {
        foreach (var entry in entries)
            if (unchecked((ulong)entry.Pin.Value * 0x9E3779B97F4A7C15) >> 61 == 0)
                return true;
        return false;
    }

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
