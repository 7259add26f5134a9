using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Blocks;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Redis;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Explore;

/// <summary>
/// Reads a page of what is recent and popular: what everybody may see, whoever looks. That is asked of each once more,
/// and of who is signed in whether there is a block.
/// </summary>
sealed class ExploreReader(
    ShardedStore store, IExploreStore explore, ExploreKeeper keeper, BlockReader blocks)
{
    const int TurnsMax = 5;

    /// <summary>
    /// A page. Warm, one round trip to the cache, and for who is signed in one to their shard; where it is kept in a
    /// Redis, one to that at most once a second.
    /// </summary>
    /// <exception cref="PinfoldException">Invalid: the cursor is none.</exception>
    public Task<ExplorePage> ReadAsync(Viewer viewer, string? cursor, CancellationToken cancellation) =>
        ReadAsync(viewer, cursor, PinPage.Size, _ => true, cancellation);

    /// <summary>The first page of pins that have a picture.</summary>
    public Task<ExplorePage> ReadPicturesAsync(int count, CancellationToken cancellation) => ReadAsync(
        Viewer.Anybody, null, count, pin => pin.Picture is { State: PictureState.Ready }, cancellation);

    async Task<ExplorePage> ReadAsync(
        Viewer viewer, string? cursor, int size, Func<Pin, bool> isWanted, CancellationToken cancellation)
    {
        var place = ExploreCursor.Parse(cursor);
        if (await FindAllAsync(cancellation) is not { } sorted)
            return new ExplorePage([], null, IsMissing: true);
        var hidden = await blocks.BlocksAsync(
            viewer, [.. sorted.Select(candidate => candidate.Author).Distinct()], cancellation);
        if (hidden.Count > 0)
            sorted = [.. sorted.Where(candidate => !hidden.Contains(candidate.Author))];
        var screen = new ExploreScreen(sorted, place?.After, WaitedOf(sorted, place));
        var shown = new List<ExplorePin>();
        for (var turn = 0; turn < TurnsMax && shown.Count < size; turn++)
        {
            var taken = screen.Take(size - shown.Count);
            if (taken.Count == 0)
                break;
            shown.AddRange((await FindAsync(taken, cancellation)).Where(found => isWanted(found.Pin.Pin)));
        }
        return new ExplorePage(shown, screen is { HasMore: true, After: { } after }
            ? new ExploreCursor(after, [.. screen.Waiting.Select(candidate => candidate.Pin)]).ToString() : null,
            IsMissing: false);
    }

    /// <summary>Null while it was not read yet, or does not answer.</summary>
    async Task<IReadOnlyList<ExploreCandidate>?> FindAllAsync(CancellationToken cancellation)
    {
        try
        {
            if (await explore.ReadAsync(cancellation) is { } sorted)
                return sorted;
            keeper.Wake();
        }
        catch (RedisUnavailableException)
        {
            // A page says that it is missing.
        }
        return null;
    }

    static IEnumerable<ExploreCandidate> WaitedOf(IReadOnlyList<ExploreCandidate> sorted, ExploreCursor? place)
    {
        if (place is not { Waiting.Count: > 0 })
            return [];
        var waiting = place.Waiting.ToHashSet();
        return sorted.Where(candidate => waiting.Contains(candidate.Pin));
    }

    async Task<IEnumerable<ExplorePin>> FindAsync(
        IReadOnlyList<ExploreCandidate> candidates, CancellationToken cancellation)
    {
        var together = store.FindTogether();
        var found = candidates.Select(candidate => (
            Pin: together.Find(candidate.Pin), Board: together.Find(candidate.Board),
            Author: together.Find(candidate.Author))).ToList();
        await together.ExecuteAsync(cancellation);
        return found.SelectMany(f => Shown(f.Pin.Value, f.Board.Value, f.Author.Value));
    }

    /// <summary>One, or none: a pin that was moved since is shown when that was heard of.</summary>
    static IEnumerable<ExplorePin> Shown(Stored<Pin>? pin, Stored<Board>? board, Stored<User>? author)
    {
        if (pin is not null && board is not null && author is not null && pin.Body.Board == board.Id
            && Visibility.CanSee(Viewer.Anybody, pin.Body, board.Body))
            yield return new ExplorePin(new ListedPin(pin.Id, pin.Body), author.Body);
    }
}

/// <summary>A pin, and whose it is.</summary>
sealed record ExplorePin(ListedPin Pin, User Author);

/// <summary>A page of what there is to explore.</summary>
/// <param name="Pins">The hottest first.</param>
/// <param name="Next">The cursor of the next page, or null.</param>
/// <param name="IsMissing">Whether it cannot be told now what there is.</param>
sealed record ExplorePage(IReadOnlyList<ExplorePin> Pins, string? Next, bool IsMissing);
