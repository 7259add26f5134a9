using Pinfold.Pinboard.Notifications;

namespace Pinfold.Pinboard.Web.Pages.NotificationSettings;

/// <summary>What somebody wants to be told of: /settings/notifications (on, once for each that is).</summary>
internal sealed record NotificationSettingsView : PageView
{
    public required NotificationSwitches Switches { get; init; }

    public static IReadOnlyList<(NotificationSwitch Of, string Name, string Words)> All { get; } =
    [
        (NotificationSwitch.Followers, "New followers", "Somebody follows you, or a board of yours."),
        (NotificationSwitch.Repins, "Saved pins", "Somebody saves a pin of yours to a board of theirs."),
        (NotificationSwitch.Likes, "Likes", "Somebody likes a pin of yours."),
        (NotificationSwitch.Comments, "Comments", "Somebody comments on a pin of yours."),
        (NotificationSwitch.Imports, "Imports", "An import of yours has come to its end."),
    ];
}
