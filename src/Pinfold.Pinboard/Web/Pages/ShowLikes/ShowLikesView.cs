using Pinfold.Pinboard.Web.Cards;

namespace Pinfold.Pinboard.Web.Pages.ShowLikes;

/// <summary>The pins that the caller likes, liked last first, as far as they may see them.</summary>
internal sealed record ShowLikesView : PageView
{
    public required Feed Feed { get; init; }
}
