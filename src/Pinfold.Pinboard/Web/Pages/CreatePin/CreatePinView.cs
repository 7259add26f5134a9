using Pinfold.Pinboard.Web.Forms;

namespace Pinfold.Pinboard.Web.Pages.CreatePin;

/// <summary>
/// Posted as multipart to /new: files or url, title, description, tags, board (BOARD, BOARD/SECTION, or "new" with
/// newBoard).
/// </summary>
internal sealed record CreatePinView : FormView
{
    public string? Url { get; init; }
    public string? Name { get; init; }
    public string? Description { get; init; }
    public string? Tags { get; init; }

    /// <summary>Where it is to go, as posted; null for the board that was used last.</summary>
    public string? PlaceId { get; init; }
    public IReadOnlyList<BoardChoice> Boards { get; init; } = [];

    /// <summary>Of one picture.</summary>
    public required long BytesMax { get; init; }
    public required int FilesMax { get; init; }

    public override string Place => "new";
}
