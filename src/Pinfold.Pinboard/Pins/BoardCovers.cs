using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Pins;

/// <summary>Keeps a board's covers when pins leave it, in the transaction in which they leave.</summary>
sealed class BoardCovers(ShardedStore store)
{
    /// <summary>
    /// So many of the newest pins are looked at for another cover: a board whose newest are all bookmarks without a
    /// picture keeps fewer covers until a picture is pinned.
    /// </summary>
    public const int CandidatesMax = 50;

    /// <summary>
    /// Takes the covers of these pins off, and puts the next newest pictures in their place. Costs nothing while none
    /// of the pins is a cover; else one round trip for the board and its list, and one for pins that are not cached.
    /// </summary>
    public async Task TakeOffAsync(
        Transaction transaction, ObjectId<Board> id, IReadOnlyCollection<ObjectId<Pin>> leaving,
            CancellationToken cancellation)
    {
        if (await store.FindAsync(id, cancellation) is not { } cached || !HasAny(cached.Body, leaving))
            return;
        var read = store.Read();
        var (found, list) = (read.Find(id), read.Page(BoardHasPins, id, new PageRequest(CandidatesMax)));
        await read.ExecuteAsync(cancellation);
        if (found.Value is not { } board)
            return;
        var left = board.Body.WithoutCovers(leaving);
        var taken = (left.Covers ?? []).Select(c => c.Pin).Concat(leaving).ToHashSet();
        var candidates = list.Value.Items.Select(e => e.To).Where(pin => !taken.Contains(pin)).ToList();
        var next = (await store.FindManyAsync(candidates, cancellation)).OfType<Stored<Pin>>()
            .Where(pin => pin.Body.Board == id && Cover.Of(pin.Id, pin.Body) is not null)
            .Take(Board.CoversMax - (left.Covers?.Count ?? 0)).ToList();
        // Each changes too, though it stays as it is: were it made secret or moved meanwhile, this would be refused.
        foreach (var pin in next)
            transaction.Hold(pin);
        var covers = left with { Covers = [.. left.Covers ?? [], .. next.Select(pin => Cover.Of(pin.Id, pin.Body)!)] };
        transaction.Update(id, covers, board.Version);
    }

    static bool HasAny(Board board, IReadOnlyCollection<ObjectId<Pin>> pins) =>
        board.Covers?.Any(cover => pins.Contains(cover.Pin)) == true;
}
