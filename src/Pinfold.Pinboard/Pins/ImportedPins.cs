using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Pinfold.Pinboard.Budgets;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Pins;

/// <summary>Pins that came from an import: one of each key, whatever other import runs beside it.</summary>
sealed class ImportedPins(ShardedStore store, PinService pins, PersonalBudgets budgets)
{
    const int OfOneHashMax = 100;

    /// <summary>Which of the owner's imports are pins already. One round trip.</summary>
    public async Task<HashSet<string>> FindAsync(
        ObjectId<User> owner, IReadOnlyList<string> keys, CancellationToken cancellation)
    {
        var read = store.Read();
        var found = Find(read, owner, keys);
        await read.ExecuteAsync(cancellation);
        return found();
    }

    /// <summary>
    /// Makes those that are not there, together; gives their keys. Two round trips, again for each write of somebody
    /// else to the owner that came between.
    /// </summary>
    /// <exception cref="PinfoldException">NotFound: a board or section was deleted. Invalid: a text is too long, a link
    /// none. LimitExceeded, as a <see cref="BudgetException"/>: it is more than the owner may keep.</exception>
    public async Task<HashSet<string>> CreateMissingAsync(
        ObjectId<User> owner, IReadOnlyList<NewPin> wanted, CancellationToken cancellation)
    {
        var places = new PinPlaces(store, owner);
        var room = Room.None;
        try
        {
            var made = await store.WriteAsync(owner.Shard, async (transaction, token) =>
            {
                room.Dispose();
                var missing = await FindMissingAsync(transaction, owner, wanted, token);
                if (missing.Count == 0)
                    return missing;
                room = await budgets.TakeAsync(owner, PinService.WeightOf(missing), token);
                var boards = await places.RequireAsync(transaction, missing.Select(p => p.Place), token);
                foreach (var pin in missing)
                    pins.AddTo(transaction, owner, pin, boards[pin.Board]);
                return missing;
            }, cancellation);
            room.Keep();
            return [.. made.Select(p => p.ImportKey!)];
        }
        finally
        {
            room.Dispose();
        }
    }

    /// <summary>What is no pin yet; from then on the transaction writes the owner, too.</summary>
    async Task<List<NewPin>> FindMissingAsync(
        Transaction transaction, ObjectId<User> owner, IReadOnlyList<NewPin> wanted, CancellationToken cancellation)
    {
        var read = store.Read();
        var user = read.Find(owner);
        var found = Find(read, owner, [.. wanted.Select(p => p.ImportKey!)]);
        await read.ExecuteAsync(cancellation);

        var known = found();
        var missing = wanted.Where(p => known.Add(p.ImportKey!)).ToList();
        if (missing.Count == 0)
            return [];
        var person = user.Value ?? throw new PinfoldException(ErrorKind.NotFound, "There is no such user.");
        // Written as it was, it keeps two imports from both adding a row that neither has found.
        transaction.Update(person);
        PageInvalidation.OfProfile(transaction, person.Body);
        return missing;
    }

    /// <summary>The place of a key in its owner's list: its hash, so that it is found by keyset.</summary>
    public static long SequenceOf(string importKey) =>
        BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(importKey)));

    static Func<HashSet<string>> Find(ReadBatch read, ObjectId<User> owner, IReadOnlyList<string> keys)
    {
        var pages = keys.Select(SequenceOf).Distinct().Select(sequence => read.Page(
            UserHasImportedPins, owner,
            new PageRequest(OfOneHashMax) { SequenceMin = sequence, SequenceMax = sequence })).ToList();
        return () => [.. pages.SelectMany(p => p.Value.Items).Select(e => Encoding.UTF8.GetString(e.Body.Span))];
    }
}
