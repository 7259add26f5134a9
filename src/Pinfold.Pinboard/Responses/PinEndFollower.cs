using System.Runtime.CompilerServices;
using Pinfold.Pinboard.Comments;
using Pinfold.Pinboard.Likes;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Responses;

/// <summary>
/// Ends likes and comments when their pin goes, or who made them. It begins where the reverse is written, so it meets
/// each of them: what was there before is listed by then, and what comes later is met as it comes.
/// </summary>
sealed class PinEndFollower(ShardedStore store, LikeEnds likes, CommentEnds comments) : IBatchFollower
{
    public const string FollowerName = "pin-ends";

    static readonly PageRequest Part = new(1000);

    public string Name => FollowerName;

    public FollowerInterests Interests { get; } = new()
    {
        Kinds = [JournalEntryKind.Deleted, JournalEntryKind.Erased],
        Mappings = [PinLikedByUser, PinHasComments],
    };

    public async ValueTask HandleAsync(IReadOnlyList<JournalTransaction> batch, CancellationToken cancellation)
    {
        var entries = batch.SelectMany(transaction => transaction.Entries).ToList();
        foreach (var person in await GoneAsync(User.Type, entries, IsEnd, cancellation))
        {
            await likes.OfPersonAsync(person, cancellation);
            await comments.OfPersonAsync(person, cancellation);
        }
        foreach (var pin in await GoneAsync(Pin.Type, entries, IsEnd, cancellation))
            await EndOfPinAsync(pin, cancellation);
        await EndInVainAsync(entries, cancellation);
    }

    async Task EndOfPinAsync(ObjectId<Pin> pin, CancellationToken cancellation)
    {
        await foreach (var part in PartsAsync(PinLikedByUser, pin, cancellation))
            await likes.OfPinAsync(pin, part, cancellation);
        await foreach (var part in PartsAsync(PinHasComments, pin, cancellation))
            await comments.EraseAsync(part, cancellation);
    }

    /// <summary>Those that came after their pin had gone.</summary>
    async Task EndInVainAsync(List<JournalEntry> entries, CancellationToken cancellation)
    {
        var gone = (await GoneAsync(Pin.Type, entries, IsArrival, cancellation)).ToHashSet();
        var late = entries.Where(e => IsArrival(e) && gone.Contains(Pin.Type.Id(e.Id))).ToList();
        foreach (var ofPin in late.Where(e => e.Mapping == PinLikedByUser.Number).GroupBy(e => Pin.Type.Id(e.Id)))
            await likes.OfPinAsync(ofPin.Key, ofPin.Select(e => User.Type.Id(e.To)).Distinct(), cancellation);
        await comments.EraseAsync(
            late.Where(e => e.Mapping == PinHasComments.Number).Select(e => Comment.Type.Id(e.To)), cancellation);
    }

    /// <summary>Whatever is said of them, they are looked at as they are now. One round trip, none for none.</summary>
    async Task<IReadOnlyList<ObjectId<T>>> GoneAsync<T>(
        ObjectType<T> type, List<JournalEntry> entries, Func<JournalEntry, bool> concerns,
        CancellationToken cancellation) where T : class
    {
        var ids = entries.Where(e => concerns(e) && e.Id.Type == type.Number).Select(e => type.Id(e.Id))
            .Distinct().ToList();
        if (ids.Count == 0)
            return [];
        var found = await store.FindManyUncachedAsync(ids, cancellation);
        return [.. ids.Where((_, i) => found[i] is null)];
    }

    async IAsyncEnumerable<IReadOnlyList<ObjectId<T>>> PartsAsync<T>(
        Mapping<Pin, T> list, ObjectId<Pin> pin,
        [EnumeratorCancellation] CancellationToken cancellation) where T : class
    {
        for (var request = Part; ;)
        {
            var page = await store.PageAsync(list, pin, request, cancellation);
            yield return [.. page.Items.Select(e => e.To)];
            if (page.Next is null)
                yield break;
            request = request with { Cursor = page.Next };
        }
    }

    static bool IsEnd(JournalEntry entry) => entry.Kind is JournalEntryKind.Deleted or JournalEntryKind.Erased;

    static bool IsArrival(JournalEntry entry) => entry.Kind == JournalEntryKind.Mapped
        && (entry.Mapping == PinLikedByUser.Number || entry.Mapping == PinHasComments.Number);
}
