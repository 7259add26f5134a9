namespace Pinfold.Sharding.Storage;

/// <summary>Limits of the small reads of one process from one server.</summary>
/// <param name="Lanes">How many round trips may be under way at once.</param>
/// <param name="ReadsMax">How many reads one round trip may carry together; a call that asks for more goes alone, at
/// once.</param>
sealed record ReadLimits(int Lanes, int ReadsMax)
{
    public static ReadLimits Default { get; } = new(16, 32);

    /// <summary>So many round trips are under way before any read waits.</summary>
    public int LanesAtOnce { get; init; } = 2;

    /// <summary>So many have to wait for each lane there is before another opens.</summary>
    public int WaitingPerLane { get; init; } = 4;

    /// <summary>But nobody waits longer than this behind a slow read while a lane is free.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(2);
}

/// <summary>
/// The small reads of one process from one server. While few are under way a read goes at once; when many are, those
/// that
/// wait share the next round trip: one statement, one answer, for the price of little more than one read. Reads that
/// fail
/// together are tried alone, so one that cannot be answered costs its neighbours nothing but time.
/// </summary>
sealed class ReadQueue(IShardServer server, ReadLimits limits, TimeProvider time)
{
    readonly Lock _gate = new();
    readonly Queue<Waiting> _waiting = [];
    ITimer? _timer;
    bool _isTimerSet;
    int _lanes;

    /// <summary>Answers all of <paramref name="reads"/> in one round trip, or fails; others may ride along.</summary>
    public ValueTask ReadAsync(IReadOnlyList<ShardRead> reads, CancellationToken cancellation)
    {
        if (!server.ReadsAreTrips || !IsSmall(reads))
            return server.ReadAsync(reads, cancellation);
        lock (_gate)
        {
            if (_lanes >= limits.LanesAtOnce
                && (_lanes == limits.Lanes || _waiting.Count < limits.WaitingPerLane * _lanes))
            {
                var waiting = new Waiting(reads, time.GetTimestamp());
                _waiting.Enqueue(waiting);
                if (!_isTimerSet && _lanes < limits.Lanes)
                    SetTimer();
                return new ValueTask(waiting.Task.WaitAsync(cancellation));
            }
            _lanes++;
        }
        return ReadAtOnceAsync(reads, cancellation);
    }

    bool IsSmall(IReadOnlyList<ShardRead> reads)
    {
        if (reads.Count > limits.ReadsMax / 2)
            return false;
        for (var i = 0; i < reads.Count; i++)
            if (!reads[i].MayShare)
                return false;
        return true;
    }

    async ValueTask ReadAtOnceAsync(IReadOnlyList<ShardRead> reads, CancellationToken cancellation)
    {
        try
        {
            await server.ReadAsync(reads, cancellation);
        }
        finally
        {
            if (TakeGroup() is { } group)
                _ = Task.Run(() => RunLaneAsync(group));
        }
    }

    async Task RunLaneAsync(List<Waiting>? group)
    {
        for (; group is not null; group = TakeGroup())
        {
            await ReadGroupAsync(group);
            // Those who were just answered may ask again at once: what they ask is to be in the next round trip.
            if (group.Count > 1)
                await Task.Yield();
        }
    }

    /// <summary>Those who wait longest, as many as go together; ends the lane if there are none.</summary>
    List<Waiting>? TakeGroup()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                _lanes--;
                return null;
            }
            // Half of them where another lane is free for the other half would be a second round trip for nothing.
            var group = new List<Waiting>(_waiting.Count);
            for (var reads = 0; _waiting.TryPeek(out var next)
                && reads + next.Reads.Count <= limits.ReadsMax; reads += next.Reads.Count)
                group.Add(_waiting.Dequeue());
            return group;
        }
    }

    async Task ReadGroupAsync(List<Waiting> group)
    {
        if (group.Count > 1)
        {
            try
            {
                await server.ReadAsync([.. group.SelectMany(static w => w.Reads)], CancellationToken.None);
                foreach (var waiting in group)
                    waiting.TrySetResult();
                return;
            }
            catch (PinfoldException e) when (e.Kind == ErrorKind.DeadlineExceeded)
            {
                foreach (var waiting in group)
                    waiting.TrySetException(TooLate(waiting, e));
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // One of them is at fault, or the server is gone: each is told its own.
            }
        }
        await Task.WhenAll(group.Select(ReadOneAsync));
    }

    /// <summary>Each is told of its own shards, not of those that it shared a round trip with.</summary>
    PinfoldException TooLate(Waiting waiting, PinfoldException e)
    {
        var shards = waiting.Reads.Select(static r => r.Shard).Distinct().ToList();
        return new PinfoldException(e.Kind, $"Server {server.Name} did not answer for shard {shards[0]} in time.", e)
        {
            Shard = shards.Count == 1 ? shards[0] : null,
        };
    }

    async Task ReadOneAsync(Waiting waiting)
    {
        try
        {
            foreach (var read in waiting.Reads)
                read.Forget();
            await server.ReadAsync(waiting.Reads, CancellationToken.None);
            waiting.TrySetResult();
        }
        catch (Exception e)
        {
            waiting.TrySetException(e);
        }
    }

    void SetTimer()
    {
        _isTimerSet = true;
        _timer ??= time.CreateTimer(
            static queue =>
                ((ReadQueue)queue!).OnPatienceOver(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(limits.Patience, Timeout.InfiniteTimeSpan);
    }

    void OnPatienceOver()
    {
        lock (_gate)
        {
            _isTimerSet = false;
            if (_waiting.Count == 0 || _lanes == limits.Lanes)
                return;
            SetTimer();
            if (time.GetElapsedTime(_waiting.Peek().Since) < limits.Patience)
                return;
            _lanes++;
        }
        _ = Task.Run(() => RunLaneAsync(TakeGroup()));
    }

    sealed class Waiting(IReadOnlyList<ShardRead> reads, long since)
        : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public IReadOnlyList<ShardRead> Reads => reads;

        public long Since => since;
    }
}
