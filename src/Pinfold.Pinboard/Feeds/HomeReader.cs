using System.Globalization;
using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Feeds;

/// <summary>
/// Reads a page of what the people and boards that somebody follows have pinned. Warm it costs one round trip to the
/// feeds (two where somebody large is followed) and one to the cache.
/// </summary>
sealed class HomeReader(ShardedStore store, FeedDesk desk)
{
    /// <summary>So many more than fit are asked for, since some may be shown already, or not to be seen.</summary>
    const int Spare = 10;

    const int TurnsMax = 5;

    /// <exception cref="PinfoldException">Invalid: the cursor is none. Unavailable: nothing can be read.</exception>
    public async Task<HomePage> ReadAsync(Viewer viewer, string? cursor, CancellationToken cancellation)
    {
        var (shown, after, hasMore) = (new List<HomePin>(), Parse(cursor), true);
        PinfoldException? failure = null;
        for (var turn = 0; turn < TurnsMax && hasMore && shown.Count < PinPage.Size; turn++)
        {
            var count = (PinPage.Size + Spare) << turn;
            var feed = await desk.OpenAsync(viewer.User, after, count, cancellation);
            var slice = FeedMerge.Take(feed.Home, feed.Recent, after, count);
            var (visible, why) = await FindAsync(viewer, slice.Entries, cancellation);
            failure ??= feed.Failure ?? why;
            var room = PinPage.Size - shown.Count;
            shown.AddRange(visible.Take(room));
            hasMore = slice.HasMore || visible.Count > room;
            after = visible.Count > room ? PositionOf(shown[^1].Pin)
                : slice.Entries.Count > 0 ? slice.Entries[^1].Position : after;
        }
        return new HomePage(shown, hasMore && after is { } last ? Format(last) : null, failure is not null);
    }

    /// <summary>As far as the viewer may see them now.</summary>
    async Task<(IReadOnlyList<HomePin> Pins, PinfoldException? Failure)> FindAsync(
        Viewer viewer, IReadOnlyList<FeedEntry> entries, CancellationToken cancellation)
    {
        if (entries.Count == 0)
            return ([], null);
        var together = store.FindTogether();
        var found = entries.Select(entry => (
            Pin: together.Find(entry.Pin), Board: together.Find(entry.Board), Author: together.Find(entry.Author)))
            .ToList();
        try
        {
            await together.ExecuteAsync(cancellation);
        }
        catch (PinfoldException e) when (e.IsTransient)
        {
            return (await FindSomeAsync(viewer, entries, cancellation), e);
        }
        return ([.. found.SelectMany(f => Shown(viewer, f.Pin.Value, f.Board.Value, f.Author.Value))], null);
    }

    /// <summary>A server is down: what the others have is shown.</summary>
    async Task<IReadOnlyList<HomePin>> FindSomeAsync(
        Viewer viewer, IReadOnlyList<FeedEntry> entries, CancellationToken cancellation)
    {
        var pins = await store.FindManyPartialAsync([.. entries.Select(entry => entry.Pin)], cancellation);
        var boards = await store.FindManyPartialAsync([.. entries.Select(entry => entry.Board)], cancellation);
        var authors = await store.FindManyPartialAsync([.. entries.Select(entry => entry.Author)], cancellation);
        return [.. entries.SelectMany((_, i) => Shown(viewer, pins.Items[i], boards.Items[i], authors.Items[i]))];
    }

    /// <summary>One, or none: a pin that was moved since is shown when the feed has followed.</summary>
    static IEnumerable<HomePin> Shown(Viewer viewer, Stored<Pin>? pin, Stored<Board>? board, Stored<User>? author)
    {
        if (pin is not null && board is not null && author is not null && pin.Body.Board == board.Id
            && Visibility.CanSee(viewer, pin.Body, board.Body))
            yield return new HomePin(new ListedPin(pin.Id, pin.Body), author.Body);
    }

    static FeedPosition PositionOf(ListedPin pin) => new(pin.Pin.Sequence, pin.Id);

    static string Format(FeedPosition position) =>
        string.Create(CultureInfo.InvariantCulture, $"{position.Sequence}.{position.Pin}");

    static FeedPosition? Parse(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
            return null;
        var parts = cursor.Split('.');
        return parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var sequence)
            && ObjectId<Pin>.TryParse(parts[1], CultureInfo.InvariantCulture, out var pin)
            ? new FeedPosition(sequence, pin)
            : throw new PinfoldException(ErrorKind.Invalid, "This is no place in your home. Begin at the top.");
    }
}

/// <summary>A pin of somebody who is followed.</summary>
sealed record HomePin(ListedPin Pin, User Author);

/// <summary>A page of a home.</summary>
/// <param name="Pins">Newest first, each picture once.</param>
/// <param name="Next">The cursor of the next page, or null.</param>
/// <param name="IsPartial">Whether a server does not answer, so that some pins are missing for the moment.</param>
sealed record HomePage(IReadOnlyList<HomePin> Pins, string? Next, bool IsPartial);
