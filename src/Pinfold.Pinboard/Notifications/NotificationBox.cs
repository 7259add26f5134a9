using System.Text.Json;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Notifications;

/// <summary>
/// What one person has been told, as far as one write concerns it: read first, then it is looked what is so, then it is
/// changed where it is still as it was read.
/// </summary>
sealed class NotificationBox
{
    /// <summary>So many of those that are too many go in one write.</summary>
    const int ExcessAtOnceMax = 200;

    readonly ObjectId<User> _person;
    readonly IReadOnlyList<Occasion> _occasions;
    readonly Answer<IReadOnlyList<Entry<Notification>>> _known;
    readonly Answer<long> _count;
    readonly Func<NotificationSwitches> _switches;
    readonly Answer<IReadOnlyList<Entry<User>>>? _blocks;
    readonly Answer<IReadOnlyList<Entry<User>>>? _blockedBy;
    readonly Dictionary<ObjectId, Func<bool>> _isThere = [];
    readonly List<Entry<Notification>> _removed = [];
    readonly List<Added> _added = [];
    Answer<Page<Entry<Notification>>>? _oldest;

    /// <summary>Asks in a batch.</summary>
    public NotificationBox(ReadBatch read, ObjectId<User> person, IReadOnlyList<Occasion> occasions)
    {
        (_person, _occasions) = (person, occasions);
        _known = read.Entries(UserHasNotifications, person, [.. occasions.Select(o => o.Cause.Place).Distinct()]);
        _count = read.Count(UserHasNotifications, person);
        _switches = NotificationSettings.Ask(read, person);
        foreach (var thing in occasions.Select(o => o.Cause.To).Distinct())
            if (Ask(read, thing) is { } isThere)
                _isThere[thing] = isThere;
        List<ObjectId<User>> people = [.. occasions.Select(o => o.By).Where(by => !by.IsNone).Distinct()];
        if (people.Count == 0)
            return;
        _blocks = read.Entries(UserBlocksUser, person, people);
        _blockedBy = read.Entries(UserBlockedByUser, person, people);
    }

    /// <summary>Decides what comes and goes, by what is so; asks on if there will be too many.</summary>
    /// <param name="standing">What is so, read after the box.</param>
    /// <param name="read">Where it asks.</param>
    /// <returns>Whether it asked.</returns>
    public bool Decide(IReadOnlyDictionary<NotificationCause, long> standing, ReadBatch read)
    {
        var known = _known.Value.ToDictionary(entry => entry.To);
        foreach (var occasion in _occasions.DistinctBy(o => o.Cause.Place))
            Decide(
                occasion, known.TryGetValue(occasion.Cause.Place, out var entry) ? entry : null,
                standing.TryGetValue(occasion.Cause, out var since) ? since : null);
        var excess = _count.Value - _removed.Count + _added.Count(added => added.Known is null)
            - Notification.KeptMax;
        if (excess <= 0)
            return false;
        // Those that are replaced or go anyway may be among the oldest.
        _oldest = read.Page(UserHasNotifications, _person, new PageRequest(
            (int)Math.Min(excess, ExcessAtOnceMax) + _removed.Count + _added.Count)
        { NewestFirst = false });
        return true;
    }

    /// <summary>
    /// Puts the changes into a transaction. Nothing is told of a pin or board that is gone by then: whoever is to
    /// forget what was told of it may have been here before.
    /// </summary>
    public void Write(Transaction transaction)
    {
        var (added, removed) = WithinLimit();
        foreach (var (known, entry, thing) in added)
        {
            if (known is { } before)
                transaction.RequireEntry(UserHasNotifications, _person, before.To, before.Sequence);
            else
                transaction.RequireNoEntry(UserHasNotifications, _person, entry.To);
            Require(transaction, thing);
            transaction.Put(UserHasNotifications, _person, entry.To, entry.Sequence, entry.Body.Span);
            transaction.Put(UserHasUnreadNotifications, _person, entry.To, entry.Sequence);
        }
        foreach (var entry in removed)
            Remove(transaction, _person, entry);
    }

    /// <summary>Takes one away, if it is still as it was read.</summary>
    public static void Remove(Transaction transaction, ObjectId<User> person, Entry<Notification> entry)
    {
        transaction.RequireEntry(UserHasNotifications, person, entry.To, entry.Sequence);
        transaction.Remove(UserHasNotifications, person, entry.To);
        transaction.Remove(UserHasUnreadNotifications, person, entry.To);
    }

    void Decide(Occasion occasion, Entry<Notification>? known, long? since)
    {
        if (known is { } there && there.Sequence == since)
            return;
        if (since is { } at && IsWanted(occasion, at))
            _added.Add(new Added(
                known, new Entry<Notification>(occasion.Cause.Place, at, Encode(occasion)), occasion.Cause.To));
        else if (known is { } outOfDate)
            _removed.Add(outOfDate);
    }

    bool IsWanted(Occasion occasion, long since) =>
        occasion.By != _person && IsThere(occasion.Cause.To)
        && (occasion.By.IsNone == (occasion.Cause.Kind == NotificationKind.Import))
        && _switches().WasOn(NotificationSwitches.Of(occasion.Cause.Kind), since)
        && _blocks?.Value.Any(block => block.To == occasion.By) != true
        && _blockedBy?.Value.Any(block => block.To == occasion.By) != true;

    bool IsThere(ObjectId thing) => !_isThere.TryGetValue(thing, out var isThere) || isThere();

    /// <summary>Null for what is no thing of the person's: themselves, an import.</summary>
    static Func<bool>? Ask(ReadBatch read, ObjectId thing)
    {
        if (thing.Type == Pin.Type.Number)
        {
            var pin = read.Find(Pin.Type.Id(thing));
            return () => pin.Value is not null;
        }
        if (thing.Type != Board.Type.Number)
            return null;
        var board = read.Find(Board.Type.Id(thing));
        return () => board.Value is not null;
    }

    /// <summary>A person's pins and boards are on their shard.</summary>
    static void Require(Transaction transaction, ObjectId thing)
    {
        if (thing.Type == Pin.Type.Number)
            transaction.Require(Pin.Type.Id(thing));
        else if (thing.Type == Board.Type.Number)
            transaction.Require(Board.Type.Id(thing));
    }

    /// <summary>The newest stay, whichever came first: so the order in which they come makes no difference.</summary>
    (IReadOnlyList<Added> Added, IReadOnlyList<Entry<Notification>> Removed) WithinLimit()
    {
        if (_oldest is null)
            return (_added, _removed);
        var touched = _removed.Concat(_added.Select(added => added.New)).Select(entry => entry.To).ToHashSet();
        var excess = (int)Math.Min(ExcessAtOnceMax, _count.Value - _removed.Count - Notification.KeptMax
            + _added.Count(added => added.Known is null));
        var surplus = _oldest.Value.Items.Where(entry => !touched.Contains(entry.To))
            .Concat(_added.Where(added => added.Known is null).Select(added => added.New))
            .OrderBy(entry => entry.Sequence).ThenBy(entry => entry.To).Take(excess).ToList();
        var places = surplus.Select(entry => entry.To).ToHashSet();
        return (
            [.. _added.Where(added => added.Known is not null || !places.Contains(added.New.To))],
            [.. _removed, .. surplus.Where(entry => !touched.Contains(entry.To))]);
    }

    static byte[] Encode(Occasion occasion) => JsonSerializer.SerializeToUtf8Bytes(
        new Notification(occasion.Cause.Kind, occasion.Cause.From, occasion.Cause.To, occasion.By),
        PinboardJson.Default.Notification);

    /// <summary>What comes, in place of what was known, and of which thing it tells.</summary>
    readonly record struct Added(Entry<Notification>? Known, Entry<Notification> New, ObjectId Thing);
}
