using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard;

/// <summary>Objects as their shard has them now, for writes that rest on what they have read.</summary>
static class UncachedReads
{
    /// <summary>The object, or null. One round trip.</summary>
    public static async Task<Stored<T>?> FindUncachedAsync<T>(
        this ShardedStore store, ObjectId<T> id, CancellationToken cancellation) where T : class =>
        (await store.FindManyUncachedAsync([id], cancellation))[0];

    /// <summary>Objects place by place, null where there is none. One round trip to each server concerned.</summary>
    public static async Task<IReadOnlyList<Stored<T>?>> FindManyUncachedAsync<T>(
        this ShardedStore store, IEnumerable<ObjectId<T>> ids, CancellationToken cancellation) where T : class
    {
        var read = store.Read();
        var found = ids.Select(read.Find).ToList();
        await read.ExecuteAsync(cancellation);
        return found.ConvertAll(f => f.Value);
    }
}
