namespace Pinfold.Pinboard.Web.Pages.Home;

/// <summary>The front page for somebody who is not signed in.</summary>
internal sealed record LandingView : PageView;
