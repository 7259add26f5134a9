using Pinfold.Pinboard.Web.Cards;
using Pinfold.Pinboard.Web.Forms;

namespace Pinfold.Pinboard.Web.Pages.ShowComments;

internal sealed record ShowCommentsView : FormView
{
    public required string PinId { get; init; }
    public required PinCard Card { get; init; }

    /// <summary>Newest first.</summary>
    public required IReadOnlyList<CommentView> Comments { get; init; }

    /// <summary>Where the earlier ones are, or null.</summary>
    public string? NextHref { get; init; }

    /// <summary>What was typed, where it was refused.</summary>
    public string? Text { get; init; }
}
