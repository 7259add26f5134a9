using Pinfold.Pinboard.Web.Cards;

namespace Pinfold.Pinboard.Web.Pages.Home;

/// <summary>
/// The front page for somebody who is not signed in: what this is, and what others have pinned lately.
/// </summary>
internal sealed record LandingView : PageView
{
    public Feed Feed { get; init; } = Feed.Empty;
}
