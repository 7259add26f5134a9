using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Lanes;

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
sealed class ReadQueue
{
    readonly IShardServer _server;
    readonly ReadLimits _limits;
    readonly TimeProvider _time;
    readonly ServerLanes<Waiting> _lanes;

    public ReadQueue(IShardServer server, ReadLimits limits, TimeProvider time)
    {
        (_server, _limits, _time) = (server, limits, time);
        _lanes = new(limits, time, () => _ = Task.Run(() => RunLaneAsync(TakeGroup())));
    }

    /// <summary>How many calls wait now, those under way not counted.</summary>
    public int WaitingCount => _lanes.WaitingCount;

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
        if (!_server.ReadsAreTrips || !IsSmall(reads))
            return _server.ReadAsync(reads, cancellation);
        lock (_lanes.Gate)
            if (!_lanes.TryOpen())
            {
                if (_lanes.IsFull)
                    throw new PinfoldException(ErrorKind.LimitExceeded,
                        $"{_limits.WaitingMax} reads wait for server {_server.Name} already; try again later.")
                    { Shard = OneShard(reads) };
                var waiting = new Waiting(this, reads, Deadline.In(_limits.Deadline, _time), cancellation);
                return WaitAsync(_lanes.Enqueue(waiting, isPatient: false));
            }
        return ReadAtOnceAsync(reads, cancellation);
    }

    bool IsSmall(IReadOnlyList<ShardRead> reads)
    {
        if (reads.Count > _limits.ReadsMax / 2)
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
            lock (_lanes.Gate)
                if (place.List is not null)
                    _lanes.Waiting.Remove(place);
            throw;
        }
        waiting.TakeAnswers();
    }

    async ValueTask ReadAtOnceAsync(IReadOnlyList<ShardRead> reads, CancellationToken cancellation)
    {
        try
        {
            await _server.ReadAsync(reads, cancellation);
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
            lock (_lanes.Gate)
                _lanes.End(group);
            // Those who were just answered may ask again at once: what they ask is to be in the next round trip.
            if (group.Count > 1)
                await Task.Yield();
        }
    }

    /// <summary>Those who wait longest, as many as go together; ends the lane if there are none.</summary>
    List<Waiting>? TakeGroup()
    {
        lock (_lanes.Gate)
        {
            if (_lanes.Waiting.Count == 0)
            {
                _lanes.Close();
                return null;
            }
            // Half of them where another lane is free for the other half would be a second round trip for nothing.
            var group = new List<Waiting>(_lanes.Waiting.Count);
            for (var reads = 0; _lanes.Waiting.First is { Value: var next }
                && reads + next.Asked.Count <= _limits.ReadsMax; reads += next.Asked.Count)
            {
                _lanes.Waiting.RemoveFirst();
                group.Add(next);
            }
            _lanes.Begin(group);
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
                await _server.ReadAsync([.. group.SelectMany(static w => w.AskAgain())], CancellationToken.None);
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
            await _server.ReadAsync(waiting.AskAgain(), CancellationToken.None);
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
        return !waiting.Deadline.IsOver || !waiting.TrySetException(TooLate(waiting, "waited for", cause: null));
    }

    /// <summary>Each is told of its own shards, not of those that it shared a round trip with.</summary>
    PinfoldException TooLate(Waiting waiting, string what, PinfoldException? cause) => new(
        ErrorKind.DeadlineExceeded,
        $"A read from shard {waiting.Asked[0].Shard} {what} server {_server.Name}, and was not answered in time.",
        cause)
    { Shard = OneShard(waiting.Asked) };

    /// <summary>The shard that all of them are about, if it is one.</summary>
    static ShardId? OneShard(IReadOnlyList<ShardRead> reads)
    {
        for (var i = 1; i < reads.Count; i++)
            if (reads[i].Shard != reads[0].Shard)
                return null;
        return reads[0].Shard;
    }

    sealed class Waiting(
        ReadQueue queue, IReadOnlyList<ShardRead> asked, Deadline deadline, CancellationToken cancellation)
        : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), IWaiting
    {
        ShardRead[] _sent = [];

        public IReadOnlyList<ShardRead> Asked => asked;

        public Deadline Deadline => deadline;

        public CancellationToken Cancellation => cancellation;

        public void OnTimeOver() =>
            TrySetException(queue.TooLate(this, _sent.Length == 0 ? "waited for" : "was sent to", cause: null));

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
