namespace Pinfold.Sharding.Following;

/// <summary>
/// How many transactions of all its shards a follower has in flight. When there is no place left, shards get those that
/// become free in turn, one each; a shard that has none in flight need not wait for one.
/// </summary>
sealed class InFlightPlaces(int most)
{
    readonly Lock _gate = new();
    readonly Queue<FollowerLane> _waiting = new();
    TaskCompletionSource? _empty;
    int _taken;

    /// <summary>Takes a place, or is resumed when it is this lane's turn.</summary>
    public bool TryTake(FollowerLane lane)
    {
        var inFlight = lane.InFlight!;
        lock (_gate)
        {
            var first = First();
            if (inFlight.Count > 0 && (_taken >= most || (first is not null && first != lane)))
            {
                if (!inFlight.WaitsForPlace)
                    _waiting.Enqueue(lane);
                inFlight.WaitsForPlace = true;
                return false;
            }
            _taken++;
            if (first == lane)
            {
                Leave();
                ResumeFirst();
            }
            return true;
        }
    }

    public void GiveBack()
    {
        lock (_gate)
        {
            if (--_taken == 0)
                _empty?.TrySetResult();
            ResumeFirst();
        }
    }

    /// <summary>Completes when nothing is in flight, once nothing is begun any more.</summary>
    public Task EmptyAsync()
    {
        lock (_gate)
        {
            _empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_taken == 0)
                _empty.TrySetResult();
            return _empty.Task;
        }
    }

    void ResumeFirst()
    {
        if (_taken < most)
            First()?.Resume();
    }

    /// <summary>Whose turn it is; who is given up waits for nothing.</summary>
    FollowerLane? First()
    {
        while (_waiting.TryPeek(out var first))
            if (first.IsEnding)
                Leave();
            else
                return first;
        return null;
    }

    void Leave() => _waiting.Dequeue().InFlight!.WaitsForPlace = false;
}
