namespace Pinfold.Sharding.Following;

/// <summary>
/// What was begun of one lane and has not ended, in order, and with it how far the lane is: all before the first of
/// these is done.
/// </summary>
/// <remarks>What of it is in flight is begun in turns, never two at once, and ends at any time.</remarks>
sealed class InFlight(FollowerLane lane, long position)
{
    readonly Lock _gate = new();

    /// <summary>From the first that is not finished, what was begun; also what is finished beyond that.</summary>
    readonly Queue<BegunTransaction> _begun = new();

    /// <summary>The youngest that is in flight with an object.</summary>
    readonly Dictionary<ObjectId, BegunTransaction> _youngest = [];

    long _taken = position;
    int _count;
    int _finishedBeyond;
    long? _saidAt;

    /// <summary>What was read and is not taken yet; of the turn's.</summary>
    public ArraySegment<JournalItem> Ahead { get; set; } = [];

    /// <summary>Of the <see cref="InFlightPlaces"/>: whether it stands in the queue.</summary>
    public bool WaitsForPlace { get; set; }

    /// <summary>For one parking at a time.</summary>
    public SemaphoreSlim Parking { get; } = new(1);

    /// <summary>The last number that was begun, or is of no interest.</summary>
    public long Taken => Volatile.Read(ref _taken);

    /// <summary>How many are in flight.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many are finished behind one that is not.</summary>
    public int FinishedBeyond => Volatile.Read(ref _finishedBeyond);

    /// <summary>Takes a transaction up; those that have to end before it is handled.</summary>
    public IReadOnlyList<Task<bool>> Begin(BegunTransaction transaction)
    {
        lock (_gate)
        {
            _begun.Enqueue(transaction);
            Volatile.Write(ref _taken, transaction.Seq);
            Volatile.Write(ref _count, _count + 1);
            List<Task<bool>>? before = null;
            foreach (var id in transaction.Objects)
            {
                if (_youngest.TryGetValue(id, out var older))
                    (before ??= []).Add(older.Run);
                _youngest[id] = transaction;
            }
            return before ?? [];
        }
    }

    /// <summary>What lies between the last that was begun and this number is of no interest.</summary>
    public void Pass(long seq)
    {
        lock (_gate)
        {
            Volatile.Write(ref _taken, seq);
            if (_begun.Count == 0)
                lane.Advance(seq, handled: 0);
        }
    }

    /// <summary>
    /// It is in flight no more. One that is not finished keeps the lane where it is, for whoever has the shard next.
    /// </summary>
    public void End(BegunTransaction transaction, bool isFinished)
    {
        lock (_gate)
        {
            foreach (var id in transaction.Objects)
                if (_youngest.GetValueOrDefault(id) == transaction)
                    _youngest.Remove(id);
            transaction.IsFinished = isFinished;
            if (isFinished)
                FollowPrefix();
            Volatile.Write(ref _count, _count - 1); // last: who sees none in flight sees how far the lane is, too
        }
    }

    /// <summary>Whether trouble is to be said; what troubles one in flight troubles all of them.</summary>
    public bool MaySay(TimeProvider time)
    {
        lock (_gate)
        {
            if (_saidAt is { } at && time.GetElapsedTime(at) < FollowerWorkers.TroubleWait)
                return false;
            _saidAt = time.GetTimestamp();
            return true;
        }
    }

    void FollowPrefix()
    {
        var handled = 0;
        for (; _begun.TryPeek(out var first) && first.IsFinished; handled++)
            _begun.Dequeue();
        // First: what is handled must be counted at every moment, by the lane or here.
        if (handled > 0)
            lane.Advance(_begun.TryPeek(out var next) ? next.Seq - 1 : _taken, handled);
        Volatile.Write(ref _finishedBeyond, _finishedBeyond + 1 - handled);
    }
}
