using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Boards;

/// <summary>Reads a board's pins, all of them or those of one section.</summary>
sealed class BoardReader(ShardedStore store, VisiblePins visible)
{
    /// <summary>
    /// A page of a board that the viewer may see; one round trip for the list, one for what is not cached.
    /// </summary>
    public async Task<PinPage> PinsAsync(
        Viewer viewer, ObjectId<Board> board, ObjectId<Section> section, string? cursor, CancellationToken cancellation)
    {
        var request = new PageRequest(PinPage.Size) { Cursor = cursor };
        var page = section.IsNone
            ? await store.PageAsync(BoardHasPins, board, request, cancellation)
            : await store.PageAsync(SectionHasPins, section, request, cancellation);
        return new PinPage(
            await visible.FindAsync(viewer, [.. page.Items.Select(e => e.To)], cancellation), page.Next);
    }

    /// <summary>How many of the board's pins the viewer may see, exactly. One round trip.</summary>
    public async Task<long> CountAsync(Viewer viewer, Stored<Board> board, CancellationToken cancellation)
    {
        var read = store.Read();
        var all = read.Count(BoardHasPins, board.Id);
        var secret = read.Count(BoardHasSecretPins, board.Id);
        await read.ExecuteAsync(cancellation);
        return viewer.Is(board.Body.Owner) ? all.Value : all.Value - secret.Value;
    }

    /// <summary>How many pins each section has, for its owner; place by place. One round trip.</summary>
    public async Task<IReadOnlyList<long>> SectionCountsAsync(
        IReadOnlyList<ObjectId<Section>> sections, CancellationToken cancellation)
    {
        var read = store.Read();
        var counts = sections.Select(s => read.Count(SectionHasPins, s)).ToList();
        await read.ExecuteAsync(cancellation);
        return counts.ConvertAll(c => c.Value);
    }
}
