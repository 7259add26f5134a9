namespace Pinfold.Pinboard.Fetching;

/// <summary>A token that is cancelled by the caller or by time, and tells which of them it was.</summary>
internal sealed class FetchDeadline : IDisposable
{
    readonly CancellationTokenSource _timer;
    readonly CancellationTokenSource _linked;

    public FetchDeadline(TimeSpan limit, TimeProvider time, CancellationToken cancellation)
    {
        Limit = limit;
        _timer = new CancellationTokenSource(limit, time);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, cancellation);
    }

    public TimeSpan Limit { get; }

    public CancellationToken Token => _linked.Token;

    public bool HasPassed => _timer.IsCancellationRequested;

    public void Dispose()
    {
        _linked.Dispose();
        _timer.Dispose();
    }
}
