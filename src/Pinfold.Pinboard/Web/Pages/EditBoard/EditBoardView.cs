using Pinfold.Pinboard.Web.Forms;

namespace Pinfold.Pinboard.Web.Pages.EditBoard;

/// <summary>Makes or changes a board: posted to <see cref="Action"/> as name, about, secret, section.</summary>
/// <remarks>section and sectionId repeat in step; a new section has an empty id, a removed one an empty name.</remarks>
internal sealed record EditBoardView : FormView
{
    public required string Action { get; init; }
    public required string CancelHref { get; init; }

    /// <summary>Null while the board does not exist yet.</summary>
    public string? DeleteHref { get; init; }
    public string? Name { get; init; }
    public string? About { get; init; }
    public bool Secret { get; init; }
    public IReadOnlyList<SectionChoice> Sections { get; init; } = [];

    public bool IsNew => DeleteHref is null;
}
