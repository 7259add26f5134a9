namespace Pinfold.Sharding.Following;

/// <summary>A token that is cancelled once and for all; it costs nothing until somebody asks for it.</summary>
sealed class LaneToken
{
    readonly Lock _gate = new();
    CancellationTokenSource? _source;
    volatile bool _isCancelled;

    public bool IsCancelled => _isCancelled;

    public CancellationToken Token
    {
        get
        {
            lock (_gate)
                return _isCancelled ? new CancellationToken(canceled: true) : (_source ??= new()).Token;
        }
    }

    public void Cancel()
    {
        CancellationTokenSource? source;
        lock (_gate)
        {
            _isCancelled = true;
            (source, _source) = (_source, null);
        }
        source?.Cancel();
        source?.Dispose();
    }
}
