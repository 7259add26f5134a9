using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;

namespace Pinfold.Pinboard.Notifications;

/// <summary>
/// Tells people of what others did. What is so now counts, not what a transaction found: the same may come again, late
/// or in another order, and the list is the same.
/// </summary>
sealed class NotificationFollower(Receivers receivers, NotificationWriter writer) : IBatchFollower
{
    public const string FollowerName = "notifications";

    public string Name => FollowerName;

    public FollowerInterests Interests => NotificationEvents.Interests;

    public async ValueTask HandleAsync(IReadOnlyList<JournalTransaction> batch, CancellationToken cancellation)
    {
        var events = NotificationEvents.Of(batch);
        if (events.Causes.Count > 0)
            await writer.TellAsync(await receivers.FindAsync(events.Causes, cancellation), cancellation);
        foreach (var (person, gone) in events.Gone)
            await writer.ForgetAsync(person, gone, cancellation);
    }
}
