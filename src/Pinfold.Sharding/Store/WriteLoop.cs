using Pinfold.Sharding.Lanes;

namespace Pinfold.Sharding.Store;

/// <summary>
/// Writes that rest on what was read before, and happen only if none of it has changed since: who comes too late reads
/// again and tries again.
/// </summary>
sealed class WriteLoop(ShardedStore store)
{
    // Of those who write at once each waits for those before it, one attempt for each.
    const int AttemptsMax = 50;
    const int PauseMsMax = 100;

    /// <summary>
    /// What <paramref name="build"/> gave, once that is committed; both run again for each attempt. Nothing when
    /// <paramref name="begin"/> gives null.
    /// </summary>
    public async Task<(TResult Result, Commit? Commit)> RunAsync<TResult>(
        Func<CancellationToken, Task<Transaction?>> begin,
        Func<Transaction, CancellationToken, Task<TResult>> build, CancellationToken cancellation)
    {
        var deadline = Deadline.In(store.Router.WriteLimit, store.Time);
        PinfoldException? refusal = null;
        for (var attempt = 1; ; attempt++)
        {
            if (await begin(cancellation) is not { } transaction)
                return default;
            var result = await BuildAsync(transaction, build, cancellation);
            if (!transaction.IsToCommit)
                return (result, null);
            if (refusal is not null && deadline.IsOver)
            {
                await transaction.AbandonAsync();
                throw refusal;
            }
            try
            {
                var left = refusal is null ? deadline.Limit : deadline.Left;
                return (result, await transaction.CommitWithinAsync(left, cancellation));
            }
            catch (PinfoldException e) when (
                MayGoOtherwise(e, refusal) && attempt < AttemptsMax && !deadline.IsOver)
            {
                refusal = e;
            }
            var pauseMs = Random.Shared.NextDouble() * Math.Min(PauseMsMax, 1L << Math.Min(attempt, 30));
            await deadline.PauseAsync(TimeSpan.FromMilliseconds(pauseMs), cancellation);
        }
    }

    static async Task<TResult> BuildAsync<TResult>(
        Transaction transaction, Func<Transaction, CancellationToken, Task<TResult>> build,
        CancellationToken cancellation)
    {
        var isBuilt = false;
        try
        {
            var result = await build(transaction, cancellation);
            if (transaction.IsCommitted)
                throw new InvalidOperationException("WriteAsync commits the transaction that it gives out itself.");
            transaction.RefuseConditionsAlone();
            isBuilt = transaction.IsToCommit;
            return result;
        }
        finally
        {
            if (!isBuilt)
                await transaction.AbandonAsync();
        }
    }

    /// <summary>
    /// Whether an attempt after new reads may be accepted. What was not there is not there the next time either: who is
    /// told so twice of one object does not look before it writes.
    /// </summary>
    static bool MayGoOtherwise(PinfoldException refusal, PinfoldException? before) => refusal.Kind switch
    {
        ErrorKind.Conflict => true,
        ErrorKind.NotFound => before?.Message != refusal.Message,
        _ => false,
    };
}
