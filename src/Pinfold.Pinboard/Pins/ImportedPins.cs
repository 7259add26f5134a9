using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Pins;

/// <summary>Pins that came from an import: one of each key, whatever other import runs beside it.</summary>
sealed class ImportedPins(ShardedStore store, PinService pins)
{
    // Of imports that run at once each waits for those before it, one attempt for each.
    const int AttemptsMax = 50;
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
    /// else that came between.
    /// </summary>
    /// <exception cref="PinfoldException">NotFound: a board or section was deleted. Invalid: a text is too long, a link
    /// none.</exception>
    public async Task<HashSet<string>> CreateMissingAsync(
        ObjectId<User> owner, IReadOnlyList<NewPin> wanted, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            // The owner and the places first: what changes after they were read makes the commit fail.
            var read = store.Read();
            var user = read.Find(owner);
            var boards = wanted.Select(p => p.Board).Distinct().ToDictionary(id => id, read.Find);
            var sections = wanted.Select(p => p.Section).Where(s => !s.IsNone).Distinct()
                .ToDictionary(id => id, read.Find);
            var found = Find(read, owner, [.. wanted.Select(p => p.ImportKey!)]);
            await read.ExecuteAsync(cancellation);

            var known = found();
            var missing = wanted.Where(p => known.Add(p.ImportKey!)).ToList();
            if (missing.Count == 0)
                return [];
            var transaction = store.Begin(owner.Shard);
            // None of these changes. Written as they are, they keep two imports from both adding a row that neither
            // has found, and a pin from a board that is deleted in this moment.
            Hold(transaction, user.Value, "user");
            foreach (var id in missing.Select(p => p.Board).Distinct())
            {
                Hold(transaction, boards[id].Value, "board");
                Visibility.RefuseUnlessOwner(new Viewer(owner), boards[id].Value!.Body.Owner);
            }
            foreach (var id in missing.Select(p => p.Section).Where(s => !s.IsNone).Distinct())
                Hold(transaction, sections[id].Value, "section");
            foreach (var pin in missing)
                pins.AddTo(transaction, owner, pin);
            ProfileKeys.Invalidate(transaction, user.Value!.Body);
            try
            {
                await transaction.CommitAsync(cancellation);
                return [.. missing.Select(p => p.ImportKey!)];
            }
            catch (PinfoldException e)
                when (e.Kind is ErrorKind.Conflict or ErrorKind.NotFound && attempt < AttemptsMax)
            {
            }
        }
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

    static void Hold<T>(Transaction transaction, Stored<T>? there, string what) where T : class, IObject<T>
    {
        if (there is null)
            throw new PinfoldException(ErrorKind.NotFound, $"There is no such {what}.");
        transaction.Update(there.Id, there.Body, there.Version);
    }
}
