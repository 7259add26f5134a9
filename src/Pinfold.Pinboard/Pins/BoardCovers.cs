using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Pins;

/// <summary>Keeps a board's covers when pins leave it, in the transaction in which they leave.</summary>
/// <remarks>
/// Who makes a pin a cover requires the pin as it was read; who takes a pin away that could be one requires the board
/// as it was read. So of the two that meet, one fails and sees the other.
/// </remarks>
sealed class BoardCovers(ShardedStore store)
{
    /// <summary>
    /// So many of the newest public pins are looked at for another cover: a board whose newest are all bookmarks
    /// without a picture keeps fewer covers until a picture is pinned.
    /// </summary>
    public const int CandidatesMax = 50;

    /// <summary>
    /// Takes the covers of these pins off, and puts the next newest pictures in their place. No round trip while none
    /// of the pins is a cover; else one for the board's list, and one for its pins.
    /// </summary>
    /// <param name="transaction">Which changes or deletes these pins with the versions that were read.</param>
    /// <param name="board">From the shard; nothing happens if it is not there.</param>
    /// <param name="leaving">As they were read.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task TakeOffAsync(
        Transaction transaction, Stored<Board>? board, IReadOnlyCollection<Stored<Pin>> leaving,
        CancellationToken cancellation)
    {
        if (board is null)
            return;
        var gone = leaving.Select(pin => pin.Id).ToHashSet();
        if (board.Body.Covers?.Any(cover => gone.Contains(cover.Pin)) != true)
        {
            if (leaving.Any(pin => Cover.Of(pin.Id, pin.Body) is not null))
                transaction.Require(board);
            return;
        }
        var left = board.Body.WithoutCovers(gone);
        var list = await store.PageAsync(BoardHasPublicPins, board.Id, new PageRequest(CandidatesMax), cancellation);
        var taken = (left.Covers ?? []).Select(cover => cover.Pin).Concat(gone).ToHashSet();
        var candidates = list.Items.Select(entry => entry.To).Where(pin => !taken.Contains(pin));
        var next = (await store.FindManyUncachedAsync(candidates, cancellation)).OfType<Stored<Pin>>()
            .Where(pin => pin.Body.Board == board.Id && Cover.Of(pin.Id, pin.Body) is not null)
            .Take(Board.CoversMax - (left.Covers?.Count ?? 0)).ToList();
        foreach (var pin in next)
            transaction.Require(pin);
        var covers = left with { Covers = [.. left.Covers ?? [], .. next.Select(pin => Cover.Of(pin.Id, pin.Body)!)] };
        transaction.Update(board with { Body = covers });
    }
}
