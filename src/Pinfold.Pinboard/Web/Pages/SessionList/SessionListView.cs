namespace Pinfold.Pinboard.Web.Pages.SessionList;

/// <summary>
/// Posted to /settings/sessions/end as id, and to /settings/sessions/end-others; both work without a script.
/// </summary>
internal sealed record SessionListView : PageView
{
    /// <summary>This one first, then the last used first.</summary>
    public required IReadOnlyList<SessionRow> Sessions { get; init; }
}

/// <summary>One browser.</summary>
/// <param name="Id">To end it.</param>
/// <param name="Device">Browser and system.</param>
/// <param name="Address">Where from it was last used.</param>
/// <param name="Since">When the password was given.</param>
/// <param name="Seen">When it was last used, to the hour.</param>
/// <param name="IsThis">Whether it is the one that looks.</param>
internal sealed record SessionRow(
    string Id, string Device, string Address, DateTimeOffset Since, DateTimeOffset Seen, bool IsThis);
