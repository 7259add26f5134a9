using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Notifications;

/// <summary>What of the journal concerns notifications: each thing once, however often a batch speaks of it.</summary>
sealed class NotificationEvents
{
    public static readonly FollowerInterests Interests = new()
    {
        Types = [ImportJob.Type],
        Mappings =
        [
            UserFollowsUser, UserFollowsBoard, PinSavedFromPin, UserLikesPin, CommentIsOnPin, UserHasPins,
            UserHasBoards, UserBlocksUser, UserBlockedByUser,
        ],
    };

    static readonly Dictionary<int, NotificationKind> Kinds = new()
    {
        [UserFollowsUser.Number] = NotificationKind.Follow,
        [UserFollowsBoard.Number] = NotificationKind.BoardFollow,
        [PinSavedFromPin.Number] = NotificationKind.Repin,
        [UserLikesPin.Number] = NotificationKind.Like,
        [CommentIsOnPin.Number] = NotificationKind.Comment,
    };

    /// <summary>What was done or taken back.</summary>
    public HashSet<NotificationCause> Causes { get; } = [];

    /// <summary>Pins and boards that are gone, and people with whom there is a block: by whose list.</summary>
    public Dictionary<ObjectId<User>, HashSet<ObjectId>> Gone { get; } = [];

    public static NotificationEvents Of(IEnumerable<JournalTransaction> batch)
    {
        var events = new NotificationEvents();
        foreach (var transaction in batch)
        {
            var isNews = !transaction.Entries.Any(
                entry => entry is { Kind: JournalEntryKind.Event, Name: PinEvents.NoNews });
            foreach (var entry in transaction.Entries)
                events.Add(entry, isNews);
        }
        return events;
    }

    void Add(JournalEntry entry, bool isNews)
    {
        if (entry.Kind is JournalEntryKind.Created or JournalEntryKind.Updated
            && entry.Id.Type == ImportJob.Type.Number)
            Causes.Add(new NotificationCause(NotificationKind.Import, entry.Id, entry.Id));
        else if (entry.Kind is not (JournalEntryKind.Mapped or JournalEntryKind.Unmapped))
            return;
        else if (Kinds.TryGetValue(entry.Mapping, out var kind))
        {
            if (isNews || entry.Kind == JournalEntryKind.Unmapped)
                Causes.Add(new NotificationCause(kind, entry.Id, entry.To));
        }
        else if (IsEnd(entry))
            Of(User.Type.Id(entry.Id)).Add(entry.To);
    }

    static bool IsEnd(JournalEntry entry) => entry.Kind == JournalEntryKind.Mapped
        ? entry.Mapping == UserBlocksUser.Number || entry.Mapping == UserBlockedByUser.Number
        : entry.Mapping == UserHasPins.Number || entry.Mapping == UserHasBoards.Number;

    HashSet<ObjectId> Of(ObjectId<User> person)
    {
        if (!Gone.TryGetValue(person, out var gone))
            Gone.Add(person, gone = []);
        return gone;
    }
}
