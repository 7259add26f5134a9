using Pinfold.Pinboard.Web.Cards;

namespace Pinfold.Pinboard.Web.Pages.ExplorePins;

/// <summary>What is recent and popular, for everybody.</summary>
internal sealed record ExplorePinsView : PageView
{
    public Feed Feed { get; init; } = Feed.Empty;

    /// <summary>It cannot be told now what there is.</summary>
    public bool IsMissing { get; init; }

    public override string Place => "explore";
}
