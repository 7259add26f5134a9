using Pinfold.Pinboard.Access;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Pins;

/// <summary>Reads the pins of a list, as far as the viewer may see them.</summary>
sealed class VisiblePins(ShardedStore store)
{
    /// <summary>
    /// How often a list is asked for one page. A list for everybody has what everybody may see: only while a board has
    /// just turned secret, and its pins are still listed, is it asked more than once.
    /// </summary>
    const int TurnsMax = 5;

    /// <summary>
    /// A page of a list, filled with what the viewer may see; short while there is more if that is far away. One round
    /// trip for the list, and one for what is not cached.
    /// </summary>
    public Task<PinPage> PageAsync<TFrom>(
        Viewer viewer, Mapping<TFrom, Pin> list, ObjectId<TFrom> from, string? cursor, CancellationToken cancellation)
        where TFrom : class => FillAsync(viewer, list, from, new PinPage([], cursor), cancellation);

    /// <summary>Goes on with a page that is short; one without a cursor begins at the newest.</summary>
    public async Task<PinPage> FillAsync<TFrom>(
        Viewer viewer, Mapping<TFrom, Pin> list, ObjectId<TFrom> from, PinPage page,
        CancellationToken cancellation) where TFrom : class
    {
        var shown = page.Pins.ToList();
        var cursor = page.Next;
        for (var turn = 0; turn < TurnsMax && shown.Count < PinPage.Size; turn++)
        {
            var request = new PageRequest(PinPage.Size - shown.Count) { Cursor = cursor };
            var entries = await store.PageAsync(list, from, request, cancellation);
            shown.AddRange(await FindAsync(viewer, [.. entries.Items.Select(e => e.To)], cancellation));
            cursor = entries.Next;
            if (cursor is null)
                break;
        }
        return new PinPage(shown, cursor);
    }

    /// <summary>
    /// Those of these pins that the viewer may see, in order. One round trip for pins and one for boards that are not
    /// cached.
    /// </summary>
    public async Task<IReadOnlyList<ListedPin>> FindAsync(
        Viewer viewer, IReadOnlyList<ObjectId<Pin>> ids, CancellationToken cancellation)
    {
        var pins = (await store.FindManyAsync(ids, cancellation)).OfType<Stored<Pin>>().ToList();
        var boards = (await store.FindManyAsync([.. pins.Select(p => p.Body.Board).Distinct()], cancellation))
            .OfType<Stored<Board>>().ToDictionary(b => b.Id, b => b.Body);
        return [.. pins.Where(p => Visibility.CanSee(viewer, p.Body, boards.GetValueOrDefault(p.Body.Board)))
            .Select(p => new ListedPin(p.Id, p.Body))];
    }
}
