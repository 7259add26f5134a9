namespace Pinfold.Pinboard.Web.Pages.NotificationList;

/// <summary>What somebody is told, the newest first.</summary>
internal sealed record NotificationListView : PageView
{
    public IReadOnlyList<NotificationLine> Lines { get; init; } = [];

    /// <summary>Where the older ones are, or null.</summary>
    public string? NextHref { get; init; }

    /// <summary>Whether these are the newest.</summary>
    public bool IsFirst { get; init; }

    public override string Place => "notifications";
}
