namespace Pinfold.Sharding.Lanes;

/// <summary>
/// The round trips of one process to one server: how many are under way, who waits for one, and until when. A lane is
/// one round trip after another, each for those who have waited meanwhile; it ends when nobody waits. Who comes is
/// served at once while few lanes are open; then waits, until so many wait, or so long, that one more is worth it.
/// </summary>
/// <param name="limits">How many, how long.</param>
/// <param name="time">Whose clock counts.</param>
/// <param name="open">Starts a lane that was counted already. Called without the lock.</param>
sealed class ServerLanes<T>(ILaneLimits limits, TimeProvider time, Action open)
    where T : class, IWaiting
{
    readonly LinkedList<T> _waiting = [];
    readonly List<List<T>> _underWay = [];
    ITimer? _patience, _deadline;
    bool _isPatienceSet;
    long _nextDeadline = long.MaxValue;
    int _count;

    /// <summary>Held around every use of this but <see cref="WaitingCount"/>.</summary>
    public Lock Gate { get; } = new();

    /// <summary>In the order in which they came.</summary>
    public LinkedList<T> Waiting => _waiting;

    public bool IsFull => _waiting.Count >= limits.WaitingMax;

    /// <summary>How many wait now, those under way not counted.</summary>
    public int WaitingCount
    {
        get
        {
            lock (Gate)
                return _waiting.Count;
        }
    }

    /// <summary>Counts one more lane, if who comes now is worth one.</summary>
    public bool TryOpen()
    {
        if (_count >= limits.LanesAtOnce
            && (_count >= limits.Lanes || _waiting.Count < limits.WaitingPerLane * _count))
            return false;
        _count++;
        return true;
    }

    /// <summary>Lets somebody wait; <paramref name="isPatient"/> says that another lane would be of no use.</summary>
    public LinkedListNode<T> Enqueue(T waiting, bool isPatient)
    {
        var place = _waiting.AddLast(waiting);
        if (!isPatient && !_isPatienceSet && _count < limits.Lanes)
            SetPatience();
        SetDeadline(waiting.Deadline);
        return place;
    }

    /// <summary>Counts one lane less.</summary>
    public void Close() => _count--;

    /// <summary>Those who were taken from <see cref="Waiting"/> are under way.</summary>
    public void Begin(List<T> group) => _underWay.Add(group);

    /// <summary>They are answered, or were told why not.</summary>
    public void End(List<T> group) => _underWay.Remove(group);

    void SetPatience()
    {
        _isPatienceSet = true;
        _patience ??= NewTimer(static lanes => lanes.OnPatienceOver());
        _patience.Change(limits.Patience, Timeout.InfiniteTimeSpan);
    }

    void OnPatienceOver()
    {
        lock (Gate)
        {
            _isPatienceSet = false;
            if (_waiting.First is not { Value: var oldest } || _count >= limits.Lanes)
                return;
            SetPatience();
            if (oldest.Deadline.Elapsed < limits.Patience)
                return;
            _count++;
        }
        open();
    }

    /// <summary>One timer for all: most are answered long before, and cost it nothing.</summary>
    void SetDeadline(Deadline deadline)
    {
        var at = deadline.Since + (long)(deadline.Limit.TotalSeconds * time.TimestampFrequency);
        if (at >= _nextDeadline)
            return;
        _nextDeadline = at;
        _deadline ??= NewTimer(static lanes => lanes.OnDeadline());
        _deadline.Change(TimeSpan.FromMilliseconds(Math.Ceiling(deadline.Left.TotalMilliseconds)),
            Timeout.InfiniteTimeSpan);
    }

    void OnDeadline()
    {
        var over = new List<T>();
        lock (Gate)
        {
            _nextDeadline = long.MaxValue;
            for (var node = _waiting.First; node is not null;)
            {
                var (waiting, next) = (node.Value, node.Next);
                if (waiting.Deadline.IsOver)
                {
                    _waiting.Remove(node);
                    over.Add(waiting);
                }
                else
                    SetDeadline(waiting.Deadline);
                node = next;
            }
            foreach (var waiting in _underWay.SelectMany(group => group))
                if (waiting.Deadline.IsOver)
                    over.Add(waiting);
                else
                    SetDeadline(waiting.Deadline);
        }
        foreach (var waiting in over)
            waiting.OnTimeOver();
    }

    ITimer NewTimer(Action<ServerLanes<T>> callback) => time.CreateTimer(
        state => callback((ServerLanes<T>)state!), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
}
