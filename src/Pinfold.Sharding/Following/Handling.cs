namespace Pinfold.Sharding.Following;

/// <summary>
/// One attempt to have a follower handle something: within its time, measured, never throwing its error.
/// </summary>
sealed class Handling(
    IFollower follower, FollowerOptions options, TimeProvider time, FollowerMetrics metrics, CancellationToken killed)
{
    public CancellationToken Killed => killed;

    /// <summary>
    /// Null when all of it was handled, else why not. Throws only when <paramref name="cancellation"/> came, or the
    /// follower waited for its turn when the lane's end came.
    /// </summary>
    /// <param name="items">One, unless it is a batch.</param>
    /// <param name="lane">Of one of them.</param>
    /// <param name="cancellation">When the shard is lost.</param>
    public async ValueTask<Exception?> TryAsync(
        IReadOnlyList<JournalItem> items, FollowerLane lane, CancellationToken cancellation)
    {
        if (items.FirstOrDefault(item => item.Error is not null)?.Error is { } unreadable)
            return unreadable;
        using var limit = new CancellationTokenSource(options.HandlingMax, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        var pause = follower is IConcurrentFollower
            ? new FollowerPause(limit, options.HandlingMax, lane.Ending, either.Token) : null;
        try
        {
            if (follower is IBatchFollower batches)
                await batches.HandleAsync([.. items.Select(item => item.Transaction!)], either.Token);
            else if (follower is IConcurrentFollower concurrent)
                await concurrent.HandleAsync(items[0].Transaction!, pause!, either.Token);
            else
                await follower.HandleAsync(items[0].Transaction!, either.Token);
            metrics.Handled(follower.Name, items.Count);
            return null;
        }
        catch (Exception e)
        {
            cancellation.ThrowIfCancellationRequested();
            if (pause is { IsCutOff: true })
                throw;
            metrics.Failed(follower.Name);
            return limit.IsCancellationRequested
                ? new PinfoldException(ErrorKind.DeadlineExceeded,
                    $"It was not handled within {options.HandlingMax.TotalSeconds} s.", e)
                : e;
        }
    }
}
