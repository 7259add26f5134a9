using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Store;

namespace Pinfold.Sharding.Following;

/// <summary>
/// Keeps a cache in this process's own memory honest beside other processes (an import on the command line beside the
/// service): it invalidates what others changed. A ring of Memcached is shared by all and needs none of this.
/// </summary>
sealed class LocalCacheFollower(ShardedStore store) : IProcessFollower
{
    public string Name => "local-cache";

    public FollowerInterests Interests { get; } = CacheFollower.InterestsIn(store.Model);

    public ValueTask HandleAsync(IReadOnlyList<JournalTransaction> batch, CancellationToken cancellation) =>
        store.InvalidateAsync(CacheFollower.KeysOf(batch, store.Model));

    /// <summary>A key does not say which shards its value was made from, so all are forgotten.</summary>
    public ValueTask ForgetAsync(IReadOnlyList<ShardId> shards, CancellationToken cancellation)
    {
        store.LocalCache?.Clear();
        return ValueTask.CompletedTask;
    }
}
