using Pinfold.Sharding;

namespace Pinfold.Pinboard.Budgets;

/// <summary>
/// Spreads what is fetched for one person over time: within any minute no more than they may have, whether it is
/// an import of thousands or one address after the other. Per process; one process fetches what a shard's people
/// pinned.
/// </summary>
sealed class FetchPace(TimeProvider time)
{
    static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    readonly Lock _gate = new();
    readonly long _origin = time.GetTimestamp();

    /// <summary>Of each person when their latest fetches were, or will be: as many as they may have in a minute.
    /// </summary>
    readonly Dictionary<ObjectId<User>, Queue<TimeSpan>> _booked = [];

    TimeSpan _prunedAt;

    TimeSpan Now => time.GetElapsedTime(_origin);

    /// <summary>
    /// Waits until one more may be fetched for this person; they are let in in the order in which they came.
    /// </summary>
    /// <exception cref="BudgetException">Nothing is fetched for them.</exception>
    public async Task TakeAsync(ObjectId<User> person, int perMinute, CancellationToken cancellation)
    {
        if (perMinute == 0)
            throw new BudgetException("Nothing is fetched for you here; upload the picture.");
        if (Book(person, perMinute) - Now is var wait && wait > TimeSpan.Zero)
            await Task.Delay(wait, time, cancellation);
    }

    /// <summary>One more at once, or false: it would have to wait.</summary>
    public bool TryTake(ObjectId<User> person, int perMinute)
    {
        lock (_gate)
        {
            var now = Now;
            var booked = BookedOf(person, perMinute, now);
            if (booked.Count >= perMinute)
                return false;
            booked.Enqueue(now);
            return true;
        }
    }

    /// <summary>When the next is let in, counted from when this began.</summary>
    internal TimeSpan Book(ObjectId<User> person, int perMinute)
    {
        lock (_gate)
        {
            var now = Now;
            Prune(now);
            var booked = BookedOf(person, perMinute, now);
            var next = booked.Count < perMinute ? now : booked.Dequeue() + Window;
            booked.Enqueue(next);
            return next;
        }
    }

    Queue<TimeSpan> BookedOf(ObjectId<User> person, int perMinute, TimeSpan now)
    {
        if (!_booked.TryGetValue(person, out var booked))
            _booked[person] = booked = new Queue<TimeSpan>();
        while (booked.TryPeek(out var first) && (first <= now - Window || booked.Count > perMinute))
            booked.Dequeue();
        return booked;
    }

    void Prune(TimeSpan now)
    {
        if (now - _prunedAt < Window)
            return;
        _prunedAt = now;
        foreach (var (person, booked) in _booked)
            if (booked.All(at => at <= now - Window))
                _booked.Remove(person);
    }
}
