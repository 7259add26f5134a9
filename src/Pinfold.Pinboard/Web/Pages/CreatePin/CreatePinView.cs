using Pinfold.Pinboard.Web.Forms;

namespace Pinfold.Pinboard.Web.Pages.CreatePin;

/// <summary>Posted as multipart to /new: file or url, title, description, tags, board ("new" with newBoard).</summary>
internal sealed record CreatePinView : FormView
{
    public string? Url { get; init; }
    public string? Name { get; init; }
    public string? Description { get; init; }
    public string? Tags { get; init; }
    public string? BoardId { get; init; }
    public IReadOnlyList<BoardChoice> Boards { get; init; } = [];
    public required long BytesMax { get; init; }

    public override string Place => "new";
}
