using Pinfold.Sharding;

namespace Pinfold.Pinboard;

/// <summary>
/// Something that a person is told of: the entry of another list, on whichever shard that is. It is carried by an entry
/// of <see cref="PinboardModel.UserHasNotifications"/>, in its place by time; no object is made for it.
/// </summary>
/// <param name="Kind">What.</param>
/// <param name="From">Whose list: who follows or likes, the comment, the pin that was saved from another.</param>
/// <param name="To">What is in it: who or which board is followed, the pin that is liked, commented on or saved. Of an
/// import that has ended both are the import.</param>
/// <param name="By">Who did it; nobody for an import.</param>
sealed record Notification(NotificationKind Kind, ObjectId From, ObjectId To, ObjectId<User> By)
{
    /// <summary>Of one person; the oldest goes when another comes.</summary>
    public const int KeptMax = 500;

    public static ObjectType<Notification> Type { get; } =
        new(12, "notifications", PinboardJson.Default.Notification, isCached: false) { HasObjects = false };
}

/// <summary>What somebody is told of.</summary>
enum NotificationKind
{
    /// <summary>Somebody follows them.</summary>
    Follow,

    /// <summary>Somebody follows a board of theirs.</summary>
    BoardFollow,

    /// <summary>Somebody saved a pin of theirs.</summary>
    Repin,

    /// <summary>Somebody likes a pin of theirs.</summary>
    Like,

    /// <summary>Somebody commented on a pin of theirs.</summary>
    Comment,

    /// <summary>An import of theirs has ended.</summary>
    Import,
}
