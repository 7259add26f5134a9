using Pinfold.Pinboard.Web.Cards;
using Pinfold.Pinboard.Web.Forms;

namespace Pinfold.Pinboard.Web.Pages.EditPin;

/// <summary>Posted to /pin/{id}/edit as title, description, url, tags, place (BOARD, BOARD/SECTION, or "new"
/// with newBoard).</summary>
internal sealed record EditPinView : FormView
{
    public required string Id { get; init; }
    public string? Name { get; init; }
    public string? Description { get; init; }
    public string? Url { get; init; }
    public string? Tags { get; init; }

    /// <summary>Where it is, or is to be, as it is posted.</summary>
    public required string PlaceId { get; init; }
    public IReadOnlyList<BoardChoice> Boards { get; init; } = [];
    public required PinCard Card { get; init; }
}
