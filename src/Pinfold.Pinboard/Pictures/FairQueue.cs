using System.Diagnostics.CodeAnalysis;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Pictures;

/// <summary>
/// A queue in rounds, with at most one of each person in a round: however many wait for one person, another's first has
/// at most one of theirs before it.
/// </summary>
/// <remarks>
/// Start-time fair queueing (Goyal, Vin, Cheng 1996), with every item worth the same: what comes in is given the round
/// that is under way, or the one after its person's latest. Whoever sends one after the other is in no better place
/// than who sends all at once.
/// </remarks>
sealed class FairQueue<T>
{
    readonly PriorityQueue<T, (long Round, long Arrival)> _waiting = new();

    /// <summary>The latest round of each who was taken from, or waits, in the round under way or a later one.</summary>
    readonly Dictionary<ObjectId<User>, long> _latest = [];

    long _round;
    long _arrivals;

    public int Count => _waiting.Count;

    public void Add(ObjectId<User> person, T item)
    {
        var round = _latest.TryGetValue(person, out var latest) ? Math.Max(_round, latest + 1) : _round;
        _latest[person] = round;
        _waiting.Enqueue(item, (round, _arrivals++));
    }

    public bool TryTake([MaybeNullWhen(false)] out T item)
    {
        if (!_waiting.TryDequeue(out item, out var place))
            return false;
        if (place.Round > _round)
            Begin(place.Round);
        return true;
    }

    void Begin(long round)
    {
        _round = round;
        foreach (var (person, latest) in _latest)
            if (latest < round)
                _latest.Remove(person);
    }
}
