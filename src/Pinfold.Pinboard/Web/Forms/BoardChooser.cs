namespace Pinfold.Pinboard.Web.Forms;

/// <summary>
/// The one control that asks for a board, drawn by <c>Shared/_BoardChooser.cshtml</c>. It is posted as
/// <paramref name="Field"/>: BOARD, BOARD/SECTION, or "new" with the name in newBoard.
/// </summary>
/// <param name="Field">What the form calls it.</param>
/// <param name="Boards">The one that was used last first.</param>
/// <param name="Chosen">What is chosen already, as posted; null for the first.</param>
/// <param name="Error">What is wrong with the choice.</param>
/// <param name="NewBoardError">What is wrong with the name of the new board.</param>
internal sealed record BoardChooser(
    string Field, IReadOnlyList<BoardChoice> Boards, string? Chosen = null, string? Error = null,
    string? NewBoardError = null)
{
    /// <summary>Fewer are seen at a glance.</summary>
    public const int FilteredFrom = 8;

    /// <summary>Whether a choice is all that is asked for, and sends the form.</summary>
    public bool IsAll { get; init; }

    public bool HasFilter => Boards.Sum(board => 1 + board.Sections.Count) >= FilteredFrom;

    /// <summary>The chosen place; the new board where there is none yet.</summary>
    public string ChosenOrFirst => Chosen ?? (Boards.Count > 0 ? Boards[0].Id : BoardChoices.New);
}
