namespace Pinfold.Pinboard.Web.Models;

internal sealed record BoardView : PageView
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Href { get; init; }
    public required Person Owner { get; init; }
    public string? About { get; init; }
    public long PinCount { get; init; }
    public bool Secret { get; init; }
    public bool Own { get; init; }
    public IReadOnlyList<SectionLink> Sections { get; init; } = [];
    public Feed Feed { get; init; } = Feed.Empty;

    public SectionLink? Section => Sections.FirstOrDefault(section => section.Current);
}

/// <summary>A section of a board; the current one's pins are shown.</summary>
internal sealed record SectionLink(string Href, string Name, long? PinCount, bool Current);

/// <summary>Makes or changes a board: posted to <see cref="Action"/> as name, about, secret, section.</summary>
/// <remarks>section and sectionId repeat in step; a new section has an empty id, a removed one an empty name.</remarks>
internal sealed record BoardFormView : FormView
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

/// <summary>Asks once more before something goes away for good.</summary>
internal sealed record ConfirmView : PageView
{
    public required string Question { get; init; }
    public required string Consequence { get; init; }
    public required string Action { get; init; }
    public required string Verb { get; init; }
    public required string CancelHref { get; init; }
}
