using Pinfold.Pinboard.Web.Cards;

namespace Pinfold.Pinboard.Web.Pages.Home;

/// <summary>The front page of somebody who is: their boards and latest pins.</summary>
internal sealed record HomeView : PageView
{
    public IReadOnlyList<BoardCard> Boards { get; init; } = [];
    public Feed Feed { get; init; } = Feed.Empty;

    public override string Place => "home";
}
