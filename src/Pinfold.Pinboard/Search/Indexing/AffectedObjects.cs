using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Search.Indexing;

/// <summary>
/// What transactions change for who looks for something: the objects in them, the pins of boards that turned secret or
/// were renamed, and the pins that others took up or let go again.
/// </summary>
sealed class AffectedObjects(ShardedStore store)
{
    public static FollowerInterests Interests { get; } = new()
    {
        Types = [Pin.Type, Board.Type, User.Type],
        Mappings = [PinLikedByUser, PinHasComments, PinHasRepins],
        Events = [PinEvents.BoardTurned, PinEvents.BoardRenamed, PinEvents.AccountTurned, PinEvents.FindAgain],
    };

    /// <summary>The objects of one shard, each once, in parts of at most so many.</summary>
    public async IAsyncEnumerable<IReadOnlyList<ObjectId>> OfAsync(
        IReadOnlyList<JournalTransaction> transactions, int partMax)
    {
        var entries = transactions.SelectMany(t => t.Entries).Where(Concerns).ToList();
        foreach (var part in entries.Select(e => e.Id).Distinct().Chunk(partMax))
            yield return part;
        foreach (var board in entries.Where(IsOfAllOnBoard).Select(e => Board.Type.Id(e.Id)).Distinct())
            await foreach (var part in PinsOnAsync(board, partMax))
                yield return part;
    }

    async IAsyncEnumerable<IReadOnlyList<ObjectId>> PinsOnAsync(ObjectId<Board> board, int partMax)
    {
        var request = new PageRequest(partMax);
        while (true)
        {
            var page = await store.PageAsync(BoardHasPins, board, request);
            if (page.Items.Count > 0)
                yield return [.. page.Items.Select(e => e.To.Untyped)];
            if (page.Next is null)
                yield break;
            request = request with { Cursor = page.Next };
        }
    }

    static bool Concerns(JournalEntry entry) => entry.Kind switch
    {
        JournalEntryKind.Created or JournalEntryKind.Updated or JournalEntryKind.Deleted or JournalEntryKind.Erased =>
            DocumentReader.Types.Any(type => type.Number == entry.Id.Type),
        JournalEntryKind.Mapped or JournalEntryKind.Unmapped => entry.Mapping == PinLikedByUser.Number
            || entry.Mapping == PinHasComments.Number || entry.Mapping == PinHasRepins.Number,
        JournalEntryKind.Event => entry.Name is PinEvents.BoardTurned or PinEvents.BoardRenamed
            or PinEvents.AccountTurned or PinEvents.FindAgain,
        _ => false,
    };

    static bool IsOfAllOnBoard(JournalEntry entry) =>
        entry is { Kind: JournalEntryKind.Event, Name: PinEvents.BoardTurned or PinEvents.BoardRenamed };
}
