using Pinfold.Sharding.Caching;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Store;

namespace Pinfold.Sharding.Following;

/// <summary>
/// Invalidates what a transaction changed once more, when it is followed: a writer that died, or lost the cache,
/// between its commit and its own invalidation leaves nothing stale behind. While a cache server may still serve what
/// was overwritten, the shard's cursor waits: this process may end before it has delivered, too.
/// </summary>
sealed class CacheFollower(ShardedStore store) : IFollower
{
    public string Name => "cache";

    public bool StartsAtEnd => true;

    public async ValueTask HandleAsync(JournalTransaction transaction, CancellationToken cancellation)
    {
        try
        {
            await store.EnsureInvalidatedAsync(ChangedKeys.Of(transaction, store.Model), cancellation);
        }
        catch (PinfoldException e) when (e.Kind == ErrorKind.Unavailable)
        {
            throw new FollowerWaitsException(e.Message, e);
        }
    }
}
