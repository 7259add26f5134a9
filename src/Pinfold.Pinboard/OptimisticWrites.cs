using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard;

/// <summary>
/// Writes that rest on what was read before, and happen only if none of it has changed since. Who comes too late reads
/// again and tries again.
/// </summary>
static class OptimisticWrites
{
    // Of those who write at once each waits for those before it, one attempt for each.
    const int AttemptsMax = 50;

    /// <summary>The object as its shard has it now, or null. One round trip, past the cache.</summary>
    public static async Task<Stored<T>?> FindUncachedAsync<T>(
        this ShardedStore store, ObjectId<T> id, CancellationToken cancellation) where T : class
    {
        var read = store.Read();
        var found = read.Find(id);
        await read.ExecuteAsync(cancellation);
        return found.Value;
    }

    /// <summary>
    /// Writes an object as it is: the commit fails when it was changed or deleted since it was read.
    /// </summary>
    public static void Hold<T>(this Transaction transaction, Stored<T> there) where T : class =>
        transaction.Update(there.Id, there.Body, there.Version);

    /// <summary>
    /// Commits; false when something was changed or deleted since it was read. The last attempt fails with that.
    /// </summary>
    public static async Task<bool> TryCommitAsync(
        this Transaction transaction, int attempt, CancellationToken cancellation)
    {
        try
        {
            await transaction.CommitAsync(cancellation);
            return true;
        }
        catch (PinfoldException e) when (e.Kind is ErrorKind.Conflict or ErrorKind.NotFound && attempt < AttemptsMax)
        {
            return false;
        }
    }
}
