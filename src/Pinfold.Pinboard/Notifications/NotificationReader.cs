using System.Globalization;
using Pinfold.Pinboard.Access;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Notifications;

/// <summary>
/// Reads what somebody is told. The list is short enough to be read whole, so it is grouped whole, and a page is a part
/// of its groups.
/// </summary>
sealed class NotificationReader(ShardedStore store, VisibleNotifications visible)
{
    /// <summary>Groups to a page.</summary>
    public const int PageSize = 30;

    /// <summary>Of what is new, so many are looked at for one that may be shown.</summary>
    const int NewestMax = 20;

    static readonly PageRequest All = new(Notification.KeptMax);

    /// <summary>
    /// A page, the newest first. The first has all that was new until then marked as read. Three round trips, and a
    /// commit where something was new.
    /// </summary>
    /// <exception cref="PinfoldException">Invalid: the cursor is none.</exception>
    public async Task<NotificationPage> PageAsync(Viewer viewer, string? cursor, CancellationToken cancellation)
    {
        var after = Parse(cursor);
        var read = store.Read();
        var list = read.Page(UserHasNotifications, viewer.User, All);
        var unread = read.Page(UserHasUnreadNotifications, viewer.User, All);
        await read.ExecuteAsync(cancellation);
        var shown = await visible.FindAsync(
            viewer, [.. list.Value.Items.Select(KeptNotification.Of)], cancellation);
        var groups = NotificationGroup.Of(shown, unread.Value.Items.Select(entry => entry.To).ToHashSet())
            .Where(group => after is null || PlaceOf(group).CompareTo(after.Value) < 0).Take(PageSize + 1).ToList();
        if (cursor is null && unread.Value.Items.Count > 0)
            await MarkReadAsync(viewer.User, unread.Value.Items, cancellation);
        return groups.Count > PageSize
            ? new NotificationPage(groups[..PageSize], Format(PlaceOf(groups[PageSize - 1])))
            : new NotificationPage(groups, null);
    }

    /// <summary>What is new. Four round trips; one where nothing is.</summary>
    public async Task<News> NewsAsync(Viewer viewer, CancellationToken cancellation)
    {
        var read = store.Read();
        var count = read.Count(UserHasUnreadNotifications, viewer.User);
        var unread = read.Page(UserHasUnreadNotifications, viewer.User, new PageRequest(NewestMax));
        await read.ExecuteAsync(cancellation);
        if (unread.Value.Items is not [var first, ..])
            return new News(0, "0", null);
        var version = string.Create(CultureInfo.InvariantCulture, $"{count.Value}.{first.Sequence}.{first.To}");
        var places = unread.Value.Items.Select(entry => entry.To).ToList();
        var more = store.Read();
        var entries = more.Entries(UserHasNotifications, viewer.User, places);
        await more.ExecuteAsync(cancellation);
        var shown = await visible.FindAsync(
            viewer,
            [.. entries.Value.OrderByDescending(e => e.Sequence).ThenByDescending(e => e.To)
                .Select(KeptNotification.Of)],
            cancellation);
        return new News(count.Value, version, NotificationGroup.Of(shown, places.ToHashSet()).FirstOrDefault());
    }

    /// <summary>What came anew since it was read is left.</summary>
    Task MarkReadAsync(
        ObjectId<User> person, IReadOnlyList<Entry<Notification>> seen, CancellationToken cancellation) =>
        store.WriteAsync(person.Shard, async (transaction, token) =>
        {
            var now = await store.PageAsync(UserHasUnreadNotifications, person, All, token);
            foreach (var entry in now.Items.Intersect(seen, ByPlace))
            {
                transaction.RequireEntry(UserHasUnreadNotifications, person, entry.To, entry.Sequence);
                transaction.Remove(UserHasUnreadNotifications, person, entry.To);
            }
        }, cancellation);

    static readonly IEqualityComparer<Entry<Notification>> ByPlace = EqualityComparer<Entry<Notification>>.Create(
        (one, other) => (one.To, one.Sequence) == (other.To, other.Sequence),
        entry => HashCode.Combine(entry.To, entry.Sequence));

    static (long AtMs, ObjectId<Notification> Place) PlaceOf(NotificationGroup group) =>
        (group.Newest.Kept.AtMs, group.Newest.Kept.Place);

    static string Format((long AtMs, ObjectId<Notification> Place) place) =>
        string.Create(CultureInfo.InvariantCulture, $"{place.AtMs}.{place.Place}");

    static (long AtMs, ObjectId<Notification> Place)? Parse(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
            return null;
        var parts = cursor.Split('.');
        return parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var at)
            && ObjectId<Notification>.TryParse(parts[1], CultureInfo.InvariantCulture, out var place)
            ? (at, place)
            : throw new PinfoldException(
                ErrorKind.Invalid, "This is no place in your notifications. Begin at the top.");
    }
}
