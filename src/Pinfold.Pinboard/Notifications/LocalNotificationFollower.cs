using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Notifications;

/// <summary>
/// Tells the open pages of this process what was written anywhere: by another process, or on the command line. So none
/// of them has to know of the others.
/// </summary>
sealed class LocalNotificationFollower(NotificationStreams streams) : IProcessFollower
{
    public string Name => "local-notifications";

    public FollowerInterests Interests { get; } = new()
    {
        Mappings = [UserHasNotifications, UserHasUnreadNotifications],
        Types = [Session.Type],
    };

    public ValueTask HandleAsync(IReadOnlyList<JournalTransaction> batch, CancellationToken cancellation)
    {
        if (streams.Count == 0)
            return ValueTask.CompletedTask;
        foreach (var entry in batch.SelectMany(transaction => transaction.Entries).Distinct())
            if (entry.Kind is JournalEntryKind.Mapped or JournalEntryKind.Unmapped
                && (entry.Mapping == UserHasNotifications.Number
                    || entry.Mapping == UserHasUnreadNotifications.Number))
                streams.Wake(User.Type.Id(entry.Id));
            else if (entry.Kind is JournalEntryKind.Deleted or JournalEntryKind.Erased
                && entry.Id.Type == Session.Type.Number)
                streams.End(Session.Type.Id(entry.Id));
        return ValueTask.CompletedTask;
    }

    public ValueTask ForgetAsync(IReadOnlyList<ShardId> shards, CancellationToken cancellation)
    {
        streams.WakeAll();
        return ValueTask.CompletedTask;
    }
}
