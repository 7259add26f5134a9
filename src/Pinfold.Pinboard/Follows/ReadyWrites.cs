using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Follows;

/// <summary>Writes that can mostly be done as they are, so that nothing is read before.</summary>
static class ReadyWrites
{
    /// <summary>
    /// Commits a change with its conditions: one round trip. Only when one of them is refused is it looked why:
    /// <paramref name="isWanted"/> says whether it is still to be done, or throws.
    /// </summary>
    public static Task WriteReadyAsync(
        this ShardedStore store, ShardId shard, Action<Transaction> change,
        Func<CancellationToken, Task<bool>> isWanted, CancellationToken cancellation)
    {
        var isAgain = false;
        return store.WriteAsync(shard, async (transaction, token) =>
        {
            if (isAgain && !await isWanted(token))
                return;
            isAgain = true;
            change(transaction);
        }, cancellation);
    }
}
