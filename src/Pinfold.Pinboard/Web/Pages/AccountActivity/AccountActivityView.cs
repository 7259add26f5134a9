using Pinfold.Pinboard.Web.Logs;

namespace Pinfold.Pinboard.Web.Pages.AccountActivity;

/// <summary>What was done to one's own account.</summary>
internal sealed record AccountActivityView : PageView
{
    public required LogView Log { get; init; }
}
