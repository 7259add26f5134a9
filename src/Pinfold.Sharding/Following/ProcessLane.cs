using Microsoft.Extensions.Logging;

namespace Pinfold.Sharding.Following;

/// <summary>
/// One follower of this process's memory: told of what concerns it, and, until it has taken that in, of the shards of
/// which it must forget what it knows.
/// </summary>
sealed class ProcessLane(IProcessFollower follower, FollowerOptions options, FollowerMetrics metrics, ILogger log)
{
    readonly FollowerInterests _interests = follower.Interests;
    readonly SemaphoreSlim _telling = new(1);
    readonly HashSet<ShardId> _toForget = [];

    /// <summary>Throws nothing but a cancellation: what it could not take in, it forgets with the next look.</summary>
    public async Task TellAsync(
        IReadOnlyList<JournalItem> items, IReadOnlyList<ShardId> lost, CancellationToken cancellation)
    {
        var concern = items.Where(item => _interests.Concern(item.Transaction!)).Select(item => item.Transaction!)
            .ToList();
        // Servers are looked at side by side; it is told one thing at a time.
        await _telling.WaitAsync(cancellation);
        try
        {
            _toForget.UnionWith(lost);
            foreach (var batch in concern.Chunk(follower.TransactionsAtOnceMax))
                if (await TryAsync(token => follower.HandleAsync(batch, token)))
                    metrics.Handled(follower.Name, batch.Length);
                else
                    _toForget.UnionWith(batch.Select(transaction => transaction.Shard));
            if (_toForget.Count > 0 && await TryAsync(
                token => follower.ForgetAsync([.. _toForget.Order()], token)))
                _toForget.Clear();
        }
        finally
        {
            _telling.Release();
        }

        async Task<bool> TryAsync(Func<CancellationToken, ValueTask> tell)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(options.HandlingMax);
            try
            {
                await tell(limit.Token);
                return true;
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                metrics.Failed(follower.Name);
                FollowerLog.NotTold(log, follower.Name, e);
                return false;
            }
        }
    }
}
