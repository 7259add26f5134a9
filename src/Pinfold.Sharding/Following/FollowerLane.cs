using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Following;

/// <summary>
/// One follower on one shard that this process has leased and claimed: how far it is, and whether it waits, is queued
/// or runs. Never twice at once.
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
    CancellationTokenSource? _lost;
    State _state;
    long _position;
    long _written;
    long _target;
    long _retryAt = long.MinValue;
    long _parkedCount;
    long _parkedDueMs;
    int _unwritten;
    int _parkings;
    int _signals;
    bool _isRetrying;
    volatile bool _isDraining;
    volatile bool _isLost;

    public FollowerLane(FollowedShard shard, FollowerWorkers workers, Guid claim, ClaimedCursor cursor)
    {
        (Shard, _workers, Claim) = (shard, workers, claim);
        (_position, _written, _target) = (cursor.Seq, cursor.Seq, cursor.LastSeq);
        (_parkedCount, _parkedDueMs) = (cursor.Parked.Count, cursor.Parked.NextAtMs);
    }

    public FollowedShard Shard { get; }

    public FollowedServer Server => Shard.Server;

    public string Follower => _workers.Follower.Name;

    /// <summary>Without it, the cursor cannot be moved.</summary>
    public Guid Claim { get; }

    /// <summary>No new work is begun: it is being given up, or lost.</summary>
    public bool IsEnding => _isDraining || _isLost || Server.IsStopping;

    /// <summary>Whether the next transaction may be begun.</summary>
    public bool MayHandle => !IsEnding && Server.IsHeld;

    public bool IsDraining => _isDraining;

    public bool IsLost => _isLost;

    /// <summary>Cancelled when the lease or the claim is lost.</summary>
    public CancellationToken Lost
    {
        get
        {
            lock (_gate)
                return _isLost ? new CancellationToken(canceled: true) : (_lost ??= new()).Token;
        }
    }

    /// <summary>The last number that was handled, parked or of no interest.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>Where the cursor in the database stands.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>How many transactions a crash would repeat: they were handled since the cursor was written.</summary>
    public int Unwritten => Volatile.Read(ref _unwritten);

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

    /// <summary>Nothing runs, and the cursor is written.</summary>
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
            if (_parkedCount > 0 && _workers.Parked.IsDue(_parkedDueMs, nowMs) && !_isRetrying && !IsEnding)
            {
                _isRetrying = true;
                _workers.Parked.Enqueue(this);
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

    /// <summary>All up to <paramref name="seq"/> is done; <paramref name="handled"/> of it were handled or parked.
    /// </summary>
    public void Advance(long seq, int handled)
    {
        if (seq <= _position)
            return;
        Interlocked.Add(ref _unwritten, handled);
        Volatile.Write(ref _position, seq);
        Server.Cursors.Moved(this);
    }

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

    public void Wrote(long seq, int handled)
    {
        lock (_gate)
        {
            Interlocked.Add(ref _unwritten, -handled);
            Volatile.Write(ref _written, seq);
            QueueIfDue();
        }
    }

    public void Park(long nextAtMs)
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

    /// <summary>Ends after what is being handled.</summary>
    public void Drain() => _isDraining = true;

    /// <summary>Ends at once: somebody else has it, or may have it.</summary>
    public void Lose()
    {
        CancellationTokenSource? lost;
        lock (_gate)
        {
            _isLost = true;
            (lost, _lost) = (_lost, null);
        }
        lost?.Cancel();
        lost?.Dispose();
    }

    void QueueIfDue()
    {
        if (_state != State.Idle || _position >= _target || _retryAt != long.MinValue || IsEnding)
            return;
        _state = State.Queued;
        _workers.Enqueue(this);
    }
}
