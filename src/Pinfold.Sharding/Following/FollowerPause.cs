namespace Pinfold.Sharding.Following;

/// <summary>
/// With which a follower waits, in the middle of a transaction, for its turn at something scarce, without that counting
/// as handling.
/// </summary>
public sealed class FollowerPause
{
    readonly CancellationTokenSource? _limit;
    readonly TimeSpan _handlingMax;
    readonly CancellationToken _ending;
    readonly CancellationToken _cancellation;
    readonly Lock _gate = new();
    int _waiting;

    FollowerPause()
    {
    }

    internal FollowerPause(
        CancellationTokenSource limit, TimeSpan handlingMax, CancellationToken ending, CancellationToken cancellation)
    {
        (_limit, _handlingMax) = (limit, handlingMax);
        (_ending, _cancellation) = (ending, cancellation);
    }

    /// <summary>Waits for as long as it takes: for who calls a follower without a host.</summary>
    public static FollowerPause None { get; } = new();

    /// <summary>It was given up because its shard is.</summary>
    internal bool IsCutOff { get; private set; }

    /// <summary>
    /// Waits outside of <see cref="FollowerOptions.HandlingMax"/>, which begins anew after it (where several parts of
    /// one transaction wait side by side, after the last), and no longer than the shard stays here: when it is given up
    /// in good order, or the process stops, the token is cancelled. The transaction then counts as neither handled nor
    /// failed, and whoever has the shard next is given it again.
    /// </summary>
    /// <param name="wait">The waiting; nothing else.</param>
    public Task WaitAsync(Func<CancellationToken, Task> wait) => WaitAsync(async token =>
    {
        await wait(token);
        return true;
    });

    /// <summary>The same, for what the waiting gives.</summary>
    public async Task<T> WaitAsync<T>(Func<CancellationToken, Task<T>> wait)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_ending, _cancellation);
        Count(1);
        try
        {
            return await wait(either.Token);
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            IsCutOff = true;
            throw;
        }
        finally
        {
            Count(-1);
        }
    }

    void Count(int change)
    {
        lock (_gate)
        {
            _waiting += change;
            _limit?.CancelAfter(_waiting > 0 ? Timeout.InfiniteTimeSpan : _handlingMax);
        }
    }
}
