using Pinfold.Sharding;

namespace Pinfold.Pinboard.Notifications;

/// <summary>A notification that may be shown, with all that its words are made of.</summary>
sealed record ShownNotification(KeptNotification Kept)
{
    /// <summary>Who did it; null for an import.</summary>
    public Stored<User>? By { get; init; }

    /// <summary>One's own pin.</summary>
    public Stored<Pin>? Pin { get; init; }

    /// <summary>The pin that was made of it.</summary>
    public Stored<Pin>? Repin { get; init; }

    /// <summary>One's own board.</summary>
    public Stored<Board>? Board { get; init; }

    public Stored<Comment>? Comment { get; init; }
    public Stored<ImportJob>? Import { get; init; }
}

/// <summary>What several people did with the same thing, told at once.</summary>
/// <param name="Newest">The newest of it.</param>
/// <param name="People">Who did it, the last first, each once; nobody for an import.</param>
/// <param name="IsUnread">Whether some of it is new.</param>
sealed record NotificationGroup(ShownNotification Newest, IReadOnlyList<Stored<User>> People, bool IsUnread)
{
    public NotificationKind Kind => Newest.Kept.What.Kind;

    public DateTimeOffset At => DateTimeOffset.FromUnixTimeMilliseconds(Newest.Kept.AtMs);

    /// <summary>Groups, the newest first.</summary>
    /// <param name="shown">The newest first.</param>
    /// <param name="unread">Those that are new.</param>
    public static IReadOnlyList<NotificationGroup> Of(
        IEnumerable<ShownNotification> shown, IReadOnlySet<ObjectId<Notification>> unread) =>
    [
        .. shown.GroupBy(one => (one.Kept.What.Kind, one.Kept.What.To)).Select(group => new NotificationGroup(
            group.First(), [.. group.Select(one => one.By).OfType<Stored<User>>().DistinctBy(by => by.Id)],
            group.Any(one => unread.Contains(one.Kept.Place)))),
    ];
}

/// <summary>A part of a list of groups, and the cursor of the next part or null.</summary>
sealed record NotificationPage(IReadOnlyList<NotificationGroup> Groups, string? Next);

/// <summary>What is new to somebody.</summary>
/// <param name="Unread">How many notifications.</param>
/// <param name="Version">Another as soon as something of it is.</param>
/// <param name="Newest">The newest of them that may be shown; null for none.</param>
sealed record News(long Unread, string Version, NotificationGroup? Newest);
