using Pinfold.Pinboard.Web.Cards;

namespace Pinfold.Pinboard.Web.Pages.Home;

/// <summary>The front page of somebody who is: what they follow, or their boards and latest pins.</summary>
internal sealed record HomeView : PageView
{
    /// <summary>One of <see cref="HomeFace"/>.</summary>
    public string Face { get; init; } = HomeFace.Own;

    public IReadOnlyList<BoardCard> Boards { get; init; } = [];
    public Feed Feed { get; init; } = Feed.Empty;

    /// <summary>Some of what is followed cannot be read now.</summary>
    public bool IsPartial { get; init; }

    public override string Place => "home";

    public string? Current(string face) => Face == face ? "page" : null;
}
