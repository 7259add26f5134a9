using Pinfold.Pinboard.Access;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Follows;

/// <summary>
/// Ends follows when what is followed goes, turns secret, or there is a block. It begins where the reverse is written,
/// so it meets each follow: one that was there before is listed by then, and one that comes later is met as it comes.
/// </summary>
sealed class FollowEndFollower(ShardedStore store, FollowEnds ends) : IFollower
{
    public const string FollowerName = "follow-ends";

    static readonly PageRequest Part = new(1000);

    public string Name => FollowerName;

    public FollowerInterests Interests { get; } = new()
    {
        Types = [User.Type, Board.Type],
        Mappings = [UserFollowedByUser, BoardFollowedByUser, UserBlocksUser, UserBlockedByUser],
        Events = [PinEvents.BoardTurned],
    };

    public async ValueTask HandleAsync(JournalTransaction transaction, CancellationToken cancellation)
    {
        foreach (var entry in transaction.Entries)
            if (entry.Kind is JournalEntryKind.Deleted or JournalEntryKind.Erased or JournalEntryKind.Event)
                await EndOfGoneAsync(entry.Id, cancellation);
            else if (entry.Kind == JournalEntryKind.Mapped)
                await EndByBlockAsync(entry, cancellation);
        await EndInVainAsync(transaction, cancellation);
    }

    /// <summary>Whatever is said of a board or a person, it is looked at as it is now.</summary>
    async Task EndOfGoneAsync(ObjectId id, CancellationToken cancellation)
    {
        if (id.Type == User.Type.Number)
            await EndOfPersonAsync(User.Type.Id(id), cancellation);
        else if (id.Type == Board.Type.Number)
            await EndOfBoardAsync(Board.Type.Id(id), cancellation);
    }

    async Task EndByBlockAsync(JournalEntry entry, CancellationToken cancellation)
    {
        foreach (var block in new[] { UserBlocksUser, UserBlockedByUser })
            if (entry.Mapping == block.Number)
                await ends.OfBlockAsync(block, User.Type.Id(entry.Id), User.Type.Id(entry.To), cancellation);
    }

    /// <summary>Follows and blocks that came after what they are of had gone.</summary>
    async Task EndInVainAsync(JournalTransaction transaction, CancellationToken cancellation)
    {
        foreach (var (gone, followers) in await GoneAsync(
            transaction, UserFollowedByUser, User.Type, _ => true, cancellation))
            await ends.OfPersonAsync(gone, followers, cancellation);
        foreach (var (gone, blockers) in await GoneAsync(
            transaction, UserBlockedByUser, User.Type, _ => true, cancellation))
            await ends.OfBlocksAsync(gone, blockers, cancellation);
        foreach (var (gone, followers) in await GoneAsync(
            transaction, BoardFollowedByUser, Board.Type, IsSeen, cancellation))
            await ends.OfBoardAsync(gone, followers, cancellation);
    }

    async Task<IEnumerable<(ObjectId<T> Gone, IEnumerable<ObjectId<User>> Followers)>> GoneAsync<T>(
        JournalTransaction transaction, Mapping<T, User> list, ObjectType<T> type, Func<Stored<T>, bool> isThere,
        CancellationToken cancellation) where T : class
    {
        var followers = transaction.Entries
            .Where(e => e.Kind == JournalEntryKind.Mapped && e.Mapping == list.Number)
            .ToLookup(e => type.Id(e.Id), e => User.Type.Id(e.To));
        var followed = followers.Select(f => f.Key).ToList();
        if (followed.Count == 0)
            return [];
        var found = await store.FindManyUncachedAsync(followed, cancellation);
        return [.. followed.Where((_, i) => found[i] is not { } there || !isThere(there))
            .Select(gone => (gone, (IEnumerable<ObjectId<User>>)followers[gone]))];
    }

    async Task EndOfPersonAsync(ObjectId<User> gone, CancellationToken cancellation)
    {
        if (await store.FindUncachedAsync(gone, cancellation) is not null)
            return;
        await ends.OfAllByAsync(gone, cancellation);
        await ForEachPartAsync(
            UserFollowedByUser, gone, part => ends.OfPersonAsync(gone, part, cancellation), cancellation);
        await ForEachPartAsync(
            UserBlockedByUser, gone, part => ends.OfBlocksAsync(gone, part, cancellation), cancellation);
    }

    async Task EndOfBoardAsync(ObjectId<Board> board, CancellationToken cancellation)
    {
        if (await store.FindUncachedAsync(board, cancellation) is not { } there || !IsSeen(there))
            await ForEachPartAsync(
                BoardFollowedByUser, board, part => ends.OfBoardAsync(board, part, cancellation), cancellation);
    }

    async Task ForEachPartAsync<T>(
        Mapping<T, User> list, ObjectId<T> of, Func<IEnumerable<ObjectId<User>>, Task> end,
        CancellationToken cancellation) where T : class
    {
        for (var request = Part; ;)
        {
            var page = await store.PageAsync(list, of, request, cancellation);
            await end(page.Items.Select(e => e.To));
            if (page.Next is null)
                return;
            request = request with { Cursor = page.Next };
        }
    }

    static bool IsSeen(Stored<Board> board) => Visibility.CanSee(Viewer.Anybody, board.Body);
}
