namespace Pinfold.Pinboard.Fetching;

/// <summary>A token that is cancelled by the caller or by time, and tells which of them it was.</summary>
internal sealed class FetchDeadline : IDisposable
{
    readonly TimeProvider _time;
    readonly long _began;
    readonly CancellationTokenSource _timer;
    readonly CancellationTokenSource _linked;

    public FetchDeadline(TimeSpan limit, TimeProvider time, CancellationToken cancellation)
    {
        (Limit, _time, _began, Caller) = (limit, time, time.GetTimestamp(), cancellation);
        _timer = new CancellationTokenSource(limit, time);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, cancellation);
    }

    public TimeSpan Limit { get; }

    public CancellationToken Token => _linked.Token;

    /// <summary>For what is done here with what came: that is not the site's time.</summary>
    public CancellationToken Caller { get; }

    public bool HasPassed => _timer.IsCancellationRequested;

    TimeSpan Left => Limit - _time.GetElapsedTime(_began) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>One for the next of several tries: all that is left for the last, half of it for others.</summary>
    public FetchDeadline ForTry(bool isLast) => new(isLast ? Left : Left / 2, _time, Caller);

    public void Dispose()
    {
        _linked.Dispose();
        _timer.Dispose();
    }
}
