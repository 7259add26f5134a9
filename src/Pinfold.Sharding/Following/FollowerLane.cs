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
    readonly LaneToken _lost = new();
    readonly LaneToken _ending = new();
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
    int _resumptions;
    int _resumptionsAtBegin;
    bool _isStalled;
    bool _isRetrying;
    volatile bool _isDraining;

    public FollowerLane(FollowedShard shard, FollowerWorkers workers, Guid claim, ClaimedCursor cursor)
    {
        (Shard, _workers, Claim) = (shard, workers, claim);
        (_position, _written, _target) = (cursor.Seq, cursor.Seq, cursor.LastSeq);
        (_parkedCount, _parkedDueMs) = (cursor.Parked.Count, cursor.Parked.NextAtMs);
        InFlight = workers.Follower is IConcurrentFollower ? new InFlight(this, cursor.Seq) : null;
    }

    public FollowedShard Shard { get; }

    public FollowedServer Server => Shard.Server;

    public string Follower => _workers.Follower.Name;

    /// <summary>Without it, the cursor cannot be moved.</summary>
    public Guid Claim { get; }

    /// <summary>What is handled side by side; null of a follower that is given one after the other.</summary>
    public InFlight? InFlight { get; }

    /// <summary>No new work is begun: it is being given up, or lost.</summary>
    public bool IsEnding => _isDraining || IsLost || Server.IsStopping;

    /// <summary>Whether the next transaction may be begun.</summary>
    public bool MayHandle => !IsEnding && Server.IsHeld;

    public bool IsDraining => _isDraining;

    public bool IsLost => _lost.IsCancelled;

    /// <summary>Cancelled when the lease or the claim is lost.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Cancelled when no new work is begun, so that what waits for its turn gives up.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>The last number up to which all was handled, parked or of no interest.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>The last number that a worker has taken up, or passed; the next turn reads behind it.</summary>
    public long Taken => InFlight?.Taken ?? Position;

    /// <summary>Where the cursor in the database stands.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>How many transactions a crash would repeat: they were handled since the cursor was written.</summary>
    public int Unwritten => Volatile.Read(ref _unwritten) + (InFlight?.FinishedBeyond ?? 0);

    /// <summary>How often it was told that the journal has grown.</summary>
    public int Signals
    {
        get
        {
            lock (_gate)
                return _signals;
        }
    }

    public long Lag => Math.Max(0, Volatile.Read(ref _target) - Taken) + (InFlight?.Count ?? 0);

    public long ParkedCount => Volatile.Read(ref _parkedCount);

    /// <summary>Nothing runs, and the cursor is written.</summary>
    public bool IsQuiet
    {
        get
        {
            lock (_gate)
                return _state == State.Idle && !_isRetrying && InFlight is not { Count: > 0 } && Position == Written;
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
            (_state, _resumptionsAtBegin) = (State.Running, _resumptions);
    }

    /// <summary>The batch is over; queued again if there is more.</summary>
    /// <param name="retryAt">Not before that timestamp.</param>
    /// <param name="isStalled">Not before it is resumed, unless it was since its batch began.</param>
    public void End(long retryAt = long.MinValue, bool isStalled = false)
    {
        lock (_gate)
        {
            (_state, _retryAt) = (State.Idle, retryAt);
            _isStalled = isStalled && _resumptions == _resumptionsAtBegin;
            QueueIfDue();
        }
    }

    /// <summary>There may be room for more in flight.</summary>
    public void Resume()
    {
        lock (_gate)
        {
            _resumptions++;
            _isStalled = false;
            QueueIfDue();
        }
    }

    /// <summary>What comes behind <see cref="Taken"/>; at most one round trip.</summary>
    public async ValueTask<ArraySegment<JournalItem>> ReadAsync()
    {
        var signals = Signals;
        var items = await Shard.Window.ReadAsync(Server.Server, Taken, Lost);
        lock (_gate)
            if (items.Count > 0)
                Volatile.Write(ref _target, Math.Max(_target, items[^1].Seq));
            else if (_signals == signals) // whatever they said: a server that was put back has a shorter journal
                Volatile.Write(ref _target, Taken);
        return items;
    }

    /// <summary>All up to <paramref name="seq"/> is done; <paramref name="handled"/> of it were handled or parked.
    /// </summary>
    public void Advance(long seq, int handled)
    {
        lock (_gate)
        {
            if (seq <= _position)
                return;
            _unwritten += handled;
            Volatile.Write(ref _position, seq);
        }
        Server.Cursors.Moved(this);
    }

    /// <summary>How the cursor is to be moved, and how many transactions are then written of those handled.</summary>
    public (FollowerLane Lane, int Handled, long From, long To) Move()
    {
        lock (_gate)
            return (this, _unwritten, _written, _position);
    }

    public void Wrote(long seq, int handled)
    {
        lock (_gate)
        {
            _unwritten -= handled;
            Volatile.Write(ref _written, seq);
        }
        Resume();
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
    public void Drain()
    {
        _isDraining = true;
        CutOff();
    }

    /// <summary>Has what waits for its turn give up.</summary>
    public void CutOff() => _ending.Cancel();

    /// <summary>Ends at once: somebody else has it, or may have it.</summary>
    public void Lose() => _lost.Cancel();

    void QueueIfDue()
    {
        if (_state != State.Idle || _isStalled || Taken >= _target || _retryAt != long.MinValue || IsEnding)
            return;
        _state = State.Queued;
        _workers.Enqueue(this);
    }
}
