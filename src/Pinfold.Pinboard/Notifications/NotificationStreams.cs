using Pinfold.Sharding;

namespace Pinfold.Pinboard.Notifications;

/// <summary>
/// The open pages that hear of notifications, of this process. They are told that something may be new, not what: each
/// looks itself, so that nothing is missed that was written while nobody told.
/// </summary>
sealed class NotificationStreams
{
    /// <summary>Of one person: more pages than anybody has before their eyes.</summary>
    public const int OfOnePersonMax = 12;

    public const int OfProcessMax = 5000;

    readonly Lock _gate = new();
    readonly Dictionary<ObjectId<User>, List<NotificationStream>> _open = [];
    int _count;
    bool _isClosed;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _count;
        }
    }

    /// <summary>Null where there are too many, or the process ends.</summary>
    public NotificationStream? TryOpen(ObjectId<User> person, ObjectId<Session> session)
    {
        lock (_gate)
        {
            var theirs = _open.GetValueOrDefault(person);
            if (_isClosed || _count >= OfProcessMax || theirs?.Count >= OfOnePersonMax)
                return null;
            var stream = new NotificationStream(this, person, session);
            if (theirs is null)
                _open.Add(person, theirs = []);
            theirs.Add(stream);
            _count++;
            return stream;
        }
    }

    /// <summary>Something may be new to a person.</summary>
    public void Wake(ObjectId<User> person)
    {
        foreach (var stream in Of(person))
            stream.Wake();
    }

    /// <summary>Nobody knows what was missed.</summary>
    public void WakeAll()
    {
        foreach (var stream in All())
            stream.Wake();
    }

    /// <summary>A session has ended, and with it its pages.</summary>
    public void End(ObjectId<Session> session)
    {
        foreach (var stream in All().Where(stream => stream.Session == session))
            stream.End();
    }

    /// <summary>Ends all, and opens no more: the process is to end, and waits for none of them.</summary>
    public void Close()
    {
        lock (_gate)
            _isClosed = true;
        foreach (var stream in All())
            stream.End();
    }

    internal void Forget(NotificationStream stream)
    {
        lock (_gate)
        {
            if (!_open.TryGetValue(stream.Person, out var theirs) || !theirs.Remove(stream))
                return;
            _count--;
            if (theirs.Count == 0)
                _open.Remove(stream.Person);
        }
    }

    List<NotificationStream> Of(ObjectId<User> person)
    {
        lock (_gate)
            return [.. _open.GetValueOrDefault(person) ?? []];
    }

    List<NotificationStream> All()
    {
        lock (_gate)
            return [.. _open.Values.SelectMany(theirs => theirs)];
    }
}
