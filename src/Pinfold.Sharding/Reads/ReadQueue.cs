using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Reads;

/// <summary>
/// The small reads of one process from one server. While few are under way a read goes at once; when many are, those
/// that wait share the next round trip: one statement, one answer, for the price of little more than one read. Reads
/// that fail together are tried alone, so one that cannot be answered costs its neighbours nothing but time.
/// </summary>
/// <remarks>
/// A shared round trip answers reads of its own, from which each caller takes its answers. So whoever is cancelled goes
/// on at once, and nothing is written to what it asked with.
/// </remarks>
sealed class ReadQueue(IShardServer server, ReadLimits limits, TimeProvider time)
{
    readonly Lock _gate = new();
    readonly LinkedList<Waiting> _waiting = [];
    ITimer? _timer;
    bool _isTimerSet;
    int _lanes;

    /// <summary>How many calls wait now, those under way not counted.</summary>
    public int WaitingCount
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    /// <summary>
    /// Answers all of <paramref name="reads"/> in one round trip, or fails; others may ride along. Cancelled while it
    /// waits, it is not sent.
    /// </summary>
    /// <exception cref="PinfoldException">
    /// LimitExceeded: too many wait already. DeadlineExceeded: it waited too long, or was not answered in time.
    /// Unavailable: the server did not answer.
    /// </exception>
    public ValueTask ReadAsync(IReadOnlyList<ShardRead> reads, CancellationToken cancellation)
    {
        if (!server.ReadsAreTrips || !IsSmall(reads))
            return server.ReadAsync(reads, cancellation);
        lock (_gate)
        {
            if (_lanes >= limits.LanesAtOnce
                && (_lanes == limits.Lanes || _waiting.Count < limits.WaitingPerLane * _lanes))
            {
                if (_waiting.Count >= limits.WaitingMax)
                    throw new PinfoldException(ErrorKind.LimitExceeded,
                        $"{limits.WaitingMax} reads wait for server {server.Name} already; try again later.")
                    { Shard = OneShard(reads) };
                var place = _waiting.AddLast(new Waiting(reads, time.GetTimestamp(), cancellation));
                if (!_isTimerSet && _lanes < limits.Lanes)
                    SetTimer();
                return WaitAsync(place);
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

    async ValueTask WaitAsync(LinkedListNode<Waiting> place)
    {
        var waiting = place.Value;
        try
        {
            await waiting.Task.WaitAsync(waiting.Cancellation);
        }
        catch (OperationCanceledException)
        {
            waiting.TrySetCanceled(waiting.Cancellation);
            lock (_gate)
                if (place.List is not null)
                    _waiting.Remove(place);
            throw;
        }
        waiting.TakeAnswers();
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
            for (var reads = 0; _waiting.First is { Value: var next }
                && reads + next.Asked.Count <= limits.ReadsMax; reads += next.Asked.Count)
            {
                _waiting.RemoveFirst();
                group.Add(next);
            }
            return group;
        }
    }

    async Task ReadGroupAsync(List<Waiting> taken)
    {
        var group = taken.FindAll(IsStillWanted);
        if (group.Count > 1)
        {
            try
            {
                await server.ReadAsync([.. group.SelectMany(static w => w.AskAgain())], CancellationToken.None);
                foreach (var waiting in group)
                    waiting.TrySetResult();
                return;
            }
            catch (PinfoldException e) when (e.Kind == ErrorKind.DeadlineExceeded)
            {
                foreach (var waiting in group)
                    waiting.TrySetException(TooLate(waiting, "was sent to", e));
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // One of them is at fault, or the server is gone: each is told its own.
            }
        }
        await Task.WhenAll(group.Select(ReadOneAsync));
    }

    async Task ReadOneAsync(Waiting waiting)
    {
        if (!IsStillWanted(waiting))
            return;
        try
        {
            await server.ReadAsync(waiting.AskAgain(), CancellationToken.None);
            waiting.TrySetResult();
        }
        catch (Exception e)
        {
            waiting.TrySetException(e);
        }
    }

    /// <summary>Whether a read is to be sent; if it waited too long, it is told so.</summary>
    bool IsStillWanted(Waiting waiting)
    {
        if (waiting.Cancellation.IsCancellationRequested)
            return false;
        return time.GetElapsedTime(waiting.Since) < limits.Deadline
            || !waiting.TrySetException(TooLate(waiting, "waited for", cause: null));
    }

    /// <summary>Each is told of its own shards, not of those that it shared a round trip with.</summary>
    PinfoldException TooLate(Waiting waiting, string what, PinfoldException? cause) => new(
        ErrorKind.DeadlineExceeded,
        $"A read from shard {waiting.Asked[0].Shard} {what} server {server.Name}, and was not answered in time.", cause)
    { Shard = OneShard(waiting.Asked) };

    /// <summary>The shard that all of them are about, if it is one.</summary>
    static ShardId? OneShard(IReadOnlyList<ShardRead> reads)
    {
        for (var i = 1; i < reads.Count; i++)
            if (reads[i].Shard != reads[0].Shard)
                return null;
        return reads[0].Shard;
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
            if (time.GetElapsedTime(_waiting.First!.Value.Since) < limits.Patience)
                return;
            _lanes++;
        }
        _ = Task.Run(() => RunLaneAsync(TakeGroup()));
    }

    sealed class Waiting(IReadOnlyList<ShardRead> asked, long since, CancellationToken cancellation)
        : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        ShardRead[] _sent = [];

        public IReadOnlyList<ShardRead> Asked => asked;

        public long Since => since;

        public CancellationToken Cancellation => cancellation;

        public ShardRead[] AskAgain()
        {
            _sent = new ShardRead[asked.Count];
            for (var i = 0; i < _sent.Length; i++)
                _sent[i] = asked[i].Again();
            return _sent;
        }

        public void TakeAnswers()
        {
            for (var i = 0; i < _sent.Length; i++)
                asked[i].TakeAnswer(_sent[i]);
        }
    }
}
