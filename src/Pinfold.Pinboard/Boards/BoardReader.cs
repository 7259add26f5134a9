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
    public Task<PinPage> PinsAsync(
        Viewer viewer, Stored<Board> board, ObjectId<Section> section, string? cursor, CancellationToken cancellation)
    {
        var isOwn = viewer.Is(board.Body.Owner);
        return section.IsNone
            ? visible.PageAsync(viewer, ListOf(board, viewer), board.Id, cursor, cancellation)
            : visible.PageAsync(
                viewer, isOwn ? SectionHasPins : SectionHasPublicPins, section, cursor, cancellation);
    }

    /// <summary>How many of the board's pins the viewer may see, exactly. One round trip.</summary>
    public Task<long> CountAsync(Viewer viewer, Stored<Board> board, CancellationToken cancellation) =>
        store.CountAsync(ListOf(board, viewer), board.Id, cancellation);

    /// <summary>As <see cref="CountAsync"/> of several boards; place by place. One round trip to each server.</summary>
    public async Task<IReadOnlyList<long>> CountsAsync(
        Viewer viewer, IReadOnlyList<Stored<Board>> boards, CancellationToken cancellation)
    {
        var read = store.Read();
        var counts = boards.Select(b => read.Count(ListOf(b, viewer), b.Id)).ToList();
        if (counts.Count > 0)
            await read.ExecuteAsync(cancellation);
        return counts.ConvertAll(c => c.Value);
    }

    /// <summary>How many pins of each section the viewer may see; place by place. One round trip.</summary>
    public async Task<IReadOnlyList<long>> SectionCountsAsync(
        Viewer viewer, Stored<Board> board, IReadOnlyList<ObjectId<Section>> sections, CancellationToken cancellation)
    {
        var list = viewer.Is(board.Body.Owner) ? SectionHasPins : SectionHasPublicPins;
        var read = store.Read();
        var counts = sections.Select(s => read.Count(list, s)).ToList();
        await read.ExecuteAsync(cancellation);
        return counts.ConvertAll(c => c.Value);
    }

    static Mapping<Board, Pin> ListOf(Stored<Board> board, Viewer viewer) =>
        viewer.Is(board.Body.Owner) ? BoardHasPins : BoardHasPublicPins;
}
