using Pinfold.Sharding.Caching;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Store;

namespace Pinfold.Sharding.Following;

/// <summary>
/// Invalidates what a transaction changed once more, when it is followed: a writer that died, or lost the cache,
/// between its commit and its own invalidation leaves nothing stale behind. While a cache server may still serve what
/// was overwritten, the shard's cursor waits: this process may end before it has delivered, too.
/// </summary>
sealed class CacheFollower(ShardedStore store) : IBatchFollower
{
    public string Name => "cache";

    public FollowerInterests Interests { get; } = InterestsIn(store.Model);

    public bool StartsAtEnd => true;

    public async ValueTask HandleAsync(IReadOnlyList<JournalTransaction> batch, CancellationToken cancellation)
    {
        try
        {
            await store.EnsureInvalidatedAsync(KeysOf(batch, store.Model), cancellation);
        }
        catch (PinfoldException e) when (e.Kind == ErrorKind.Unavailable)
        {
            throw new FollowerWaitsException(e.Message, e);
        }
    }

    /// <summary>What can change a cached value.</summary>
    public static FollowerInterests InterestsIn(ShardingModel model) => new()
    {
        Types = model.Types.Where(type => type.IsCached),
        Events = [JournalEvents.Invalidate],
    };

    /// <summary>The cache keys of everything that these transactions changed, each once.</summary>
    public static List<string> KeysOf(IReadOnlyList<JournalTransaction> batch, ShardingModel model) =>
        [.. batch.SelectMany(transaction => ChangedKeys.Of(transaction, model)).Distinct()];
}
