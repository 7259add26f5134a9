using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Boards;

/// <summary>
/// Lists the pins of a board that turned secret, or secret no more, accordingly: so many to a transaction, however many
/// there are. Boards of an earlier version, which had no lists for everybody, are listed when it first comes by.
/// </summary>
sealed class PublicListFollower(ShardedStore store) : IFollower
{
    const int PinsPerTransaction = 100;

    public string Name => "public-lists";

    public FollowerInterests Interests { get; } =
        new() { Types = [Board.Type], Events = [PinEvents.BoardTurned] };

    public async ValueTask HandleAsync(JournalTransaction transaction, CancellationToken cancellation)
    {
        foreach (var entry in transaction.Entries)
            if (entry.Id.Type != Board.Type.Number)
                continue;
            else if (entry.Kind == JournalEntryKind.Created)
                await NoteUnnotedAsync(Board.Type.Id(entry.Id), cancellation);
            else if (entry is { Kind: JournalEntryKind.Event, Name: PinEvents.BoardTurned })
                await ListAsync(Board.Type.Id(entry.Id), cancellation);
    }

    Task NoteUnnotedAsync(ObjectId<Board> id, CancellationToken cancellation) =>
        store.WriteAsync(id.Shard, async (transaction, token) =>
        {
            var read = store.Read();
            var board = read.Find(id);
            var (isPublic, isSecret) = (read.Count(BoardIsPublic, id), read.Count(BoardIsSecret, id));
            await read.ExecuteAsync(token);
            if (board.Value is not { } there || isPublic.Value + isSecret.Value > 0)
                return;
            transaction.Require(there);
            BoardSecrecy.NoteTurned(transaction, id, there.Body);
        }, cancellation);

    async Task ListAsync(ObjectId<Board> id, CancellationToken cancellation)
    {
        var (cursor, isAll) = (default(string), false);
        while (!isAll)
            (cursor, isAll) = await store.WriteAsync(
                id.Shard, (transaction, token) => ListPartAsync(transaction, id, cursor, token), cancellation);
    }

    /// <summary>Gives the cursor of the next part, and whether this was the last.</summary>
    async Task<(string? Cursor, bool IsAll)> ListPartAsync(
        Transaction transaction, ObjectId<Board> id, string? cursor, CancellationToken cancellation)
    {
        var read = store.Read();
        var found = read.Find(id);
        var list = read.Page(BoardHasPins, id, new PageRequest(PinsPerTransaction) { Cursor = cursor });
        await read.ExecuteAsync(cancellation);
        if (found.Value is not { Body: var board })
            return (null, true);
        var pins = (await store.FindManyUncachedAsync(list.Value.Items.Select(e => e.To), cancellation))
            .OfType<Stored<Pin>>().Where(pin => pin.Body.Board == id).ToList();
        if (pins.Count > 0 && await store.FindAsync(board.Owner, cancellation) is { Body: var owner })
        {
            BoardSecrecy.Require(transaction, id, board.IsSecret);
            foreach (var pin in pins)
            {
                transaction.Require(pin);
                PinLists.PutRight(transaction, pin.Id, pin.Body, board.IsSecret);
            }
            PageInvalidation.OfProfile(transaction, owner);
        }
        return (list.Value.Next, list.Value.Next is null);
    }
}
