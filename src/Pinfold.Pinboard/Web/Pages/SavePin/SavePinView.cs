using Pinfold.Pinboard.Web.Cards;
using Pinfold.Pinboard.Web.Forms;

namespace Pinfold.Pinboard.Web.Pages.SavePin;

/// <summary>Saves a pin to a board of one's own: posted to /pin/{id}/save as board (BOARD, BOARD/SECTION, or
/// "new" with newBoard).</summary>
internal sealed record SavePinView : FormView
{
    public required string Id { get; init; }
    public required PinCard Card { get; init; }
    public IReadOnlyList<BoardChoice> Boards { get; init; } = [];
}
