namespace Pinfold.Sharding.Store;

/// <summary>
/// Writes that rest on what was read before, and happen only if none of it has changed since: who comes too late reads
/// again and tries again.
/// </summary>
sealed class WriteLoop(ShardedStore store, ShardId shard)
{
    // Of those who write at once each waits for those before it, one attempt for each.
    const int AttemptsMax = 50;
    const int PauseMsMax = 100;

    /// <summary>What <paramref name="build"/> gave, once that is committed; it runs again for each attempt.</summary>
    public async Task<(TResult Result, Commit? Commit)> RunAsync<TResult>(
        Func<Transaction, CancellationToken, Task<TResult>> build, CancellationToken cancellation)
    {
        var start = store.Time.GetTimestamp();
        PinfoldException? refusal = null;
        for (var attempt = 1; ; attempt++)
        {
            var transaction = store.Begin(shard);
            var result = await BuildAsync(transaction, build, cancellation);
            if (!transaction.IsToCommit)
                return (result, null);
            try
            {
                return (result, await transaction.CommitAsync(cancellation));
            }
            catch (PinfoldException e) when (e.Kind == ErrorKind.OutcomeUnknown)
            {
                if (await SettleAsync(transaction, e, cancellation) is { } commit)
                    return (result, commit);
                if (IsTimeOver())
                    throw new PinfoldException(ErrorKind.DeadlineExceeded,
                        $"A write to shard {shard} was sent, got lost and was given up. Nothing was changed.", e)
                    { Shard = shard };
            }
            catch (PinfoldException e) when (MayGoOtherwise(e, refusal) && attempt < AttemptsMax && !IsTimeOver())
            {
                refusal = e;
            }
            var pause = TimeSpan.FromMilliseconds(
                Random.Shared.NextDouble() * Math.Min(PauseMsMax, 1L << Math.Min(attempt, 30)));
            await Task.Delay(pause, store.Time, cancellation);
        }

        bool IsTimeOver() => store.Time.GetElapsedTime(start) >= store.Servers.Deadline;
    }

    static async Task<TResult> BuildAsync<TResult>(
        Transaction transaction, Func<Transaction, CancellationToken, Task<TResult>> build,
        CancellationToken cancellation)
    {
        var isBuilt = false;
        try
        {
            var result = await build(transaction, cancellation);
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

    /// <summary>Its commit; null if it never happens. What cannot be settled stays unknown.</summary>
    static async Task<Commit?> SettleAsync(
        Transaction transaction, PinfoldException unknown, CancellationToken cancellation)
    {
        try
        {
            return await transaction.ResolveAsync(cancellation);
        }
        catch (PinfoldException e)
        {
            throw new PinfoldException(unknown.Kind, unknown.Message, e) { Shard = unknown.Shard };
        }
    }
}
