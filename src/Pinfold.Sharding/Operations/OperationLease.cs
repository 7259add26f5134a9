namespace Pinfold.Sharding.Operations;

/// <summary>
/// Keeps an operation's lease while it is run, and hears on the way what it is asked to do. When the lease may have run
/// out, whatever is under way is broken off: somebody else may have begun to run it.
/// </summary>
sealed class OperationLease : IAsyncDisposable
{
    /// <summary>How long a runner that has died keeps others out.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(15);

    /// <summary>How often it is renewed, which is how soon a request is heard.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    readonly CancellationTokenSource _lost = new();
    readonly CancellationTokenSource _end = new();
    readonly OperationLedger _ledger;
    readonly TimeProvider _time;
    readonly Task _renewing;

    OperationLease(
        OperationLedger ledger, string id, RunnerName runner, Action<OperationRequest> asked, TimeProvider time)
    {
        (_ledger, _time) = (ledger, time);
        _renewing = RenewAsync(id, runner, asked);
    }

    /// <summary>Cancelled when the lease may be lost.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Takes the lease; what was asked before is told at once.</summary>
    /// <exception cref="PinfoldException">As <see cref="OperationLedger.LeaseAsync"/>.</exception>
    public static async Task<OperationLease> TakeAsync(
        OperationLedger ledger, string id, RunnerName runner, Action<OperationRequest> asked, TimeProvider time,
        CancellationToken cancellation)
    {
        asked(await ledger.LeaseAsync(id, runner, Length, resumes: true, cancellation));
        return new OperationLease(ledger, id, runner, asked, time);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _renewing;
        _end.Dispose();
        _lost.Dispose();
    }

    async Task RenewAsync(string id, RunnerName runner, Action<OperationRequest> asked)
    {
        var renewedAt = _time.GetTimestamp();
        try
        {
            while (true)
            {
                await Task.Delay(Period, _time, _end.Token);
                var asking = _time.GetTimestamp();
                try
                {
                    asked(await _ledger.LeaseAsync(id, runner, Length, resumes: false, _end.Token));
                    renewedAt = asking;
                }
                catch (PinfoldException e) when (
                    e.Kind != ErrorKind.Conflict && _time.GetElapsedTime(renewedAt) < Length)
                {
                    // The catalog may answer the next time.
                }
                catch (PinfoldException)
                {
                    await _lost.CancelAsync();
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // It is over.
        }
    }
}
