using Pinfold.Sharding.Caching;

namespace Pinfold.Sharding.Store;

/// <summary>Objects of several types at once.</summary>
public sealed partial class ShardedStore
{
    /// <summary>
    /// Begins a list of objects of several types that are found together, by the cache: one round trip for all of them.
    /// </summary>
    public ObjectBatch FindTogether() => new(this);

    /// <summary>Objects as they lie in the cache, place by place; who is not there is read by its places.</summary>
    internal async Task<ReadOnlyMemory<byte>[]> ReadPackedAsync(
        IReadOnlyList<ObjectId> ids, Func<IReadOnlyList<int>, CancellationToken, Task<byte[]?[]>> read,
        CancellationToken cancellation)
    {
        RefuseTooMany(ids.Count);
        if (_lookAside is null)
            return Array.ConvertAll(
                await read([.. Enumerable.Range(0, ids.Count)], cancellation), packed => (ReadOnlyMemory<byte>)packed);
        return await _lookAside.ReadAsync(
            [.. ids.Select(ObjectCache.Key)], ObjectCache.TimeToLive,
            async (places, token) => await read(places, token), cancellation);
    }
}
