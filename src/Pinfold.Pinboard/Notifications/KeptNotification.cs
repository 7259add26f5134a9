using System.Text.Json;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Notifications;

/// <summary>A notification as a person's list has it.</summary>
/// <param name="Place">What tells it from others of the list.</param>
/// <param name="AtMs">Since when it is so.</param>
/// <param name="What">What it says.</param>
sealed record KeptNotification(ObjectId<Notification> Place, long AtMs, Notification What)
{
    public NotificationCause Cause => new(What.Kind, What.From, What.To);

    public static KeptNotification Of(Entry<Notification> entry) => new(
        entry.To, entry.Sequence,
        JsonSerializer.Deserialize(entry.Body.Span, PinboardJson.Default.Notification)!);
}
