using Pinfold.Pinboard.Web.Forms;

namespace Pinfold.Pinboard.Web.Pages.EditComment;

internal sealed record EditCommentView : FormView
{
    public required string Id { get; init; }
    public required string PinId { get; init; }
    public string? Text { get; init; }
}
