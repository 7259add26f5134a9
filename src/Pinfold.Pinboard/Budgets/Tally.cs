using System.Diagnostics.CodeAnalysis;

namespace Pinfold.Pinboard.Budgets;

/// <summary>What one process knows of what a person keeps: as it was read, and what was let in since.</summary>
sealed class Tally(TimeProvider time)
{
    readonly Lock _gate = new();
    Budget? _budget;
    Usage _read;

    /// <summary>Let in and kept since this process began; what a read has seen of it is taken off.</summary>
    Usage _kept;

    /// <summary>Let in, and not kept so far.</summary>
    Usage _pending;
    long _readAt;

    public Budget Budget => _budget!;

    public long BytesLeft
    {
        get
        {
            lock (_gate)
                return Budget.BytesMax - (_read + _kept + _pending).Bytes;
        }
    }

    public bool IsOlderThan(TimeSpan age)
    {
        lock (_gate)
            return _budget is null || time.GetElapsedTime(_readAt) > age;
    }

    /// <summary>What was kept before a read begins is in what it reads.</summary>
    public Usage BeginRead()
    {
        lock (_gate)
            return _kept;
    }

    public void EndRead(Usage keptBefore, Budget budget, Usage read)
    {
        lock (_gate)
            (_budget, _read, _kept, _readAt) = (budget, read, _kept - keptBefore, time.GetTimestamp());
    }

    public bool TryTake(Usage more, [NotNullWhen(true)] out Room? room)
    {
        lock (_gate)
        {
            room = null;
            if (!Fits(more))
                return false;
            _pending += more;
            room = new Room(this, more);
            return true;
        }
    }

    public void Settle(Usage more, bool isKept)
    {
        lock (_gate)
        {
            _pending -= more;
            if (isKept)
                _kept += more;
        }
    }

    public BudgetException Refusal(Usage more)
    {
        lock (_gate)
            return BudgetException.Of(Budget, _read + _kept + _pending, more);
    }

    // Who is beyond it already, since it was lowered, may still do what takes nothing of it.
    bool Fits(Usage more)
    {
        var after = _read + _kept + _pending + more;
        return (more.Pins == 0 || after.Pins <= Budget.PinsMax) && (more.Bytes == 0 || after.Bytes <= Budget.BytesMax);
    }
}

/// <summary>Room that was taken for pins; unless they are kept, it is free again when this is disposed.</summary>
sealed class Room(Tally? tally, Usage more) : IDisposable
{
    bool _isKept;
    bool _isSettled;

    /// <summary>For nothing.</summary>
    public static Room None { get; } = new(null, default);

    /// <summary>They are written.</summary>
    public void Keep() => _isKept = true;

    public void Dispose()
    {
        if (!_isSettled)
            tally?.Settle(more, _isKept);
        _isSettled = true;
    }
}
