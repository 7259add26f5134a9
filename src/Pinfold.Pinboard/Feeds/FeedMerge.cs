using Pinfold.Sharding;

namespace Pinfold.Pinboard.Feeds;

/// <summary>
/// A home and the recent pins of those who are too large for it, as one feed in which each picture is shown once: where
/// it is newest.
/// </summary>
static class FeedMerge
{
    /// <summary>So many entries after a place.</summary>
    public static FeedSlice Take(
        FeedPart home, IReadOnlyList<(FeedSource Source, FeedPart Part)> recent, FeedPosition? after, int count)
    {
        var leftOut = home.LeftOut.ToHashSet();
        List<FeedPart> parts = [home, .. recent.Select(source => source.Part)];
        var floor = parts.Max(part => part.Floor);
        // Of what is older than the last that was read of any part, something may be missing.
        var known = parts.Where(part => part.HasMore).Select(part => part.Entries[^1].Position).Order()
            .Select(position => (FeedPosition?)position).FirstOrDefault();
        var all = home.Entries
            .Concat(recent.SelectMany(source => source.Part.Entries.Where(
                entry => source.Source.IsBoard || !leftOut.Contains(entry.Board))))
            .Where(entry => (floor is null || entry.Sequence > floor)
                && (known is null || entry.Position.CompareTo(known.Value) <= 0))
            .OrderBy(entry => entry.Position);

        var (pins, pictures) = (new HashSet<ObjectId<Pin>>(), new HashSet<ulong>());
        var taken = new List<FeedEntry>();
        foreach (var entry in all)
        {
            if (!pins.Add(entry.Pin) || (entry.Picture != 0 && !pictures.Add(entry.Picture))
                || (after is { } place && entry.Position.CompareTo(place) <= 0))
                continue;
            if (taken.Count == count)
                return new FeedSlice(taken, HasMore: true);
            taken.Add(entry);
        }
        return new FeedSlice(taken, HasMore: known is not null && (floor is null || known.Value.Sequence > floor));
    }
}

/// <summary>Some entries of a feed.</summary>
/// <param name="Entries">Newest first, each picture once; fewer than asked for, or none, though there are more, where
/// much of what was read is shown already.</param>
/// <param name="HasMore">Whether there may be more.</param>
sealed record FeedSlice(IReadOnlyList<FeedEntry> Entries, bool HasMore);
