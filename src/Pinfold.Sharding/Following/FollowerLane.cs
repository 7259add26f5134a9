using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Following;

/// <summary>
/// One follower on one shard: how far it is, and whether it waits, is queued or runs. Never twice at once.
/// </summary>
sealed class FollowerLane
{
    enum State
    {
        /// <summary>Nothing to do, or not now.</summary>
        Idle,

        /// <summary>Waits for a worker of its follower.</summary>
        Queued,

        /// <summary>A worker handles a batch.</summary>
        Running,
    }

    readonly Lock _gate = new();
    readonly FollowerWorkers _workers;
    State _state;
    long _position;
    long _written;
    long _target;
    long _retryAt = long.MinValue;
    long _parkedCount;
    long _parkedDueMs;
    int _parkings;
    int _signals;
    bool _isRetrying;

    public FollowerLane(FollowedShard shard, FollowerWorkers workers, long cursor, long lastSeq, ParkedSummary parked)
    {
        (Shard, _workers) = (shard, workers);
        (_position, _written, _target) = (cursor, cursor, lastSeq);
        (_parkedCount, _parkedDueMs) = (parked.Count, parked.NextAtMs);
    }

    public FollowedShard Shard { get; }

    public string Follower => _workers.Follower.Name;

    /// <summary>The last number that was handled or parked.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>Where the cursor in the database stands.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>How often it was told that the journal has grown.</summary>
    public int Signals
    {
        get
        {
            lock (_gate)
                return _signals;
        }
    }

    public long Lag => Math.Max(0, Volatile.Read(ref _target) - Position);

    public long ParkedCount => Volatile.Read(ref _parkedCount);

    public bool IsQuiet
    {
        get
        {
            lock (_gate)
                return _state == State.Idle && !_isRetrying && Position == Written;
        }
    }

    /// <summary>The journal has grown at least to <paramref name="seq"/>.</summary>
    public void Signal(long seq)
    {
        lock (_gate)
        {
            _signals++;
            if (seq > _target)
                Volatile.Write(ref _target, seq);
            QueueIfDue();
        }
    }

    /// <summary>Looks whether something is due by now.</summary>
    public void Look(long timestamp, long nowMs)
    {
        lock (_gate)
        {
            if (timestamp >= _retryAt)
                _retryAt = long.MinValue;
            QueueIfDue();
            if (_parkedCount > 0 && _workers.IsDue(_parkedDueMs, nowMs) && !_isRetrying && !Shard.IsEnding)
            {
                _isRetrying = true;
                _workers.EnqueueParked(this);
            }
        }
    }

    public void Begin()
    {
        lock (_gate)
            _state = State.Running;
    }

    /// <summary>
    /// The batch is over; queued again if there is more. <paramref name="retryAt"/>: not before that timestamp.
    /// </summary>
    public void End(long retryAt = long.MinValue)
    {
        lock (_gate)
        {
            _state = State.Idle;
            _retryAt = retryAt;
            QueueIfDue();
        }
    }

    public void Advance(long seq) => Volatile.Write(ref _position, seq);

    /// <summary>
    /// The journal ended here whatever was signalled: a server that was put back has a shorter one. A signal since
    /// <paramref name="signals"/> was taken may be of a write that came after the reading.
    /// </summary>
    public void EndedHere(int signals)
    {
        lock (_gate)
            if (_signals == signals)
                Volatile.Write(ref _target, Position);
    }

    public void Wrote(long seq)
    {
        lock (_gate)
        {
            Volatile.Write(ref _written, seq);
            QueueIfDue();
        }
    }

    public void Parked(long nextAtMs)
    {
        lock (_gate)
        {
            _parkings++;
            _parkedDueMs = _parkedCount++ == 0 ? nextAtMs : Math.Min(_parkedDueMs, nextAtMs);
        }
    }

    public int Parkings
    {
        get
        {
            lock (_gate)
                return _parkings;
        }
    }

    /// <summary>
    /// What the database says of parked entries; false if one was parked since <paramref name="parkings"/> was taken.
    /// </summary>
    public bool TrySetParked(ParkedSummary summary, int parkings)
    {
        lock (_gate)
        {
            if (parkings != _parkings)
                return false;
            (_parkedCount, _parkedDueMs) = (summary.Count, summary.NextAtMs);
            return true;
        }
    }

    public void EndRetrying(long notBeforeMs)
    {
        lock (_gate)
        {
            _isRetrying = false;
            _parkedDueMs = Math.Max(_parkedDueMs, notBeforeMs);
        }
    }

    void QueueIfDue()
    {
        if (_state != State.Idle || _position >= _target || _retryAt != long.MinValue || Shard.IsEnding)
            return;
        _state = State.Queued;
        _workers.Enqueue(this);
    }
}
