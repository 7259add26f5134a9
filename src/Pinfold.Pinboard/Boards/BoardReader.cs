using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Boards;

/// <summary>Reads a board's pins, all of them or those of one section.</summary>
sealed class BoardReader(ShardedStore store, VisiblePins visible)
{
    /// <summary>More pins of one moment than this beside each other are not stepped through.</summary>
    const int NeighboursMax = 50;

    /// <summary>So many are looked at, since one may just have been deleted.</summary>
    const int NeighboursTried = 4;

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

    /// <summary>
    /// The pins of the board that lie beside one, newest first, as far as the viewer may see them. One round trip, and
    /// one for what is not cached.
    /// </summary>
    public async Task<PinNeighbours> NeighboursAsync(
        Viewer viewer, Stored<Board> board, Stored<Pin> pin, CancellationToken cancellation)
    {
        var (list, place) = (ListOf(board, viewer), pin.Body.Sequence);
        var read = store.Read();
        var newer = read.Page(list, board.Id,
            new PageRequest(NeighboursMax) { NewestFirst = false, SequenceMin = place });
        var older = read.Page(list, board.Id, new PageRequest(NeighboursMax) { SequenceMax = place });
        await read.ExecuteAsync(cancellation);
        return new PinNeighbours(await FirstAsync(newer.Value.Items), await FirstAsync(older.Value.Items));

        // Pins of one moment lie before it in both.
        async Task<ObjectId<Pin>?> FirstAsync(IReadOnlyList<Entry<Pin>> entries)
        {
            var beyond = entries.Select(e => e.To).SkipWhile(id => id != pin.Id).Skip(1).Take(NeighboursTried).ToList();
            var found = (await store.FindManyAsync(beyond, cancellation)).OfType<Stored<Pin>>();
            return found.FirstOrDefault(p =>
                p.Body.Board == board.Id && Visibility.CanSee(viewer, p.Body, board.Body))?.Id;
        }
    }

    static Mapping<Board, Pin> ListOf(Stored<Board> board, Viewer viewer) =>
        viewer.Is(board.Body.Owner) ? BoardHasPins : BoardHasPublicPins;
}

/// <summary>The pins before and after one on its board; null at its ends.</summary>
sealed record PinNeighbours(ObjectId<Pin>? Newer, ObjectId<Pin>? Older);
