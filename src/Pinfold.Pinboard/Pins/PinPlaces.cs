using Pinfold.Pinboard.Access;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Pins;

/// <summary>
/// The boards and sections on which a write puts pins. They have to be there when it happens: no pin comes to be on a
/// board that is deleted in this moment, where nobody would find it. One for all attempts of a write.
/// </summary>
sealed class PinPlaces(ShardedStore store, ObjectId<User> owner)
{
    bool _wasAsked;

    /// <summary>
    /// Has the commit fail unless these places are there, and the boards as secret or not as they were found; gives the
    /// boards. They come from the cache. In another attempt, so after a refusal, the shard is asked, which knows what
    /// is gone or has turned.
    /// </summary>
    /// <exception cref="PinfoldException">
    /// NotFound: a board is not there or not to be seen, or has no such section. Forbidden: a board is somebody else's.
    /// </exception>
    public async Task<IReadOnlyDictionary<ObjectId<Board>, Board>> RequireAsync(
        Transaction transaction, IEnumerable<(ObjectId<Board> Board, ObjectId<Section> Section)> places,
        CancellationToken cancellation)
    {
        var wanted = places.Distinct().ToList();
        var (boards, sections) = await FindAsync(
            [.. wanted.Select(p => p.Board).Distinct()],
            [.. wanted.Select(p => p.Section).Where(s => !s.IsNone).Distinct()], cancellation);
        _wasAsked = true;
        foreach (var (board, section) in wanted)
        {
            var there = boards.GetValueOrDefault(board);
            if (there is null || !Visibility.CanSee(new Viewer(owner), there))
                throw NotThere.Board();
            Visibility.RefuseUnlessOwner(new Viewer(owner), there.Owner);
            if (!section.IsNone && sections.GetValueOrDefault(section)?.Board != board)
                throw NotThere.Section();
        }
        foreach (var (id, board) in boards)
        {
            transaction.Require(id);
            BoardSecrecy.Require(transaction, id, board.IsSecret);
        }
        foreach (var section in sections.Keys)
            transaction.Require(section);
        return boards;
    }

    async Task<(Dictionary<ObjectId<Board>, Board> Boards, Dictionary<ObjectId<Section>, Section> Sections)> FindAsync(
        IReadOnlyList<ObjectId<Board>> boards, IReadOnlyList<ObjectId<Section>> sections,
        CancellationToken cancellation)
    {
        var (b, s) = _wasAsked
            ? (store.FindManyUncachedAsync(boards, cancellation), store.FindManyUncachedAsync(sections, cancellation))
            : (store.FindManyAsync(boards, cancellation), store.FindManyAsync(sections, cancellation));
        await Task.WhenAll(b, s);
        return (ById(await b), ById(await s));
    }

    static Dictionary<ObjectId<T>, T> ById<T>(IEnumerable<Stored<T>?> found) where T : class =>
        found.OfType<Stored<T>>().ToDictionary(f => f.Id, f => f.Body);
}
