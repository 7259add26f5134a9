using Pinfold.Pinboard.Web.Cards;

namespace Pinfold.Pinboard.Web.Pages.Search;

/// <summary>What /search?q= found.</summary>
internal sealed record SearchView(string Asked) : PageView
{
    /// <summary>Why nothing was looked for: what was typed, or the index that does not answer.</summary>
    public string? Error { get; init; }

    public bool IsUnavailable { get; init; }

    /// <summary>That something may be missing, because the index is still being made.</summary>
    public string? Progress { get; init; }

    public IReadOnlyList<Person> People { get; init; } = [];
    public IReadOnlyList<BoardCard> Boards { get; init; } = [];
    public IReadOnlyList<FacetGroup> Facets { get; init; } = [];

    /// <summary>What was chosen of the facets, each with the address of the page without it.</summary>
    public IReadOnlyList<FacetLink> Chosen { get; init; } = [];

    public long Total { get; init; }
    public Feed Feed { get; init; } = Feed.Empty;

    public override string Query => Asked;

    public override int Status => IsUnavailable ? 503 : Error is not null ? 400 : 200;

    public bool IsNothing => People.Count + Boards.Count == 0 && Feed.IsEmpty;
}

/// <summary>By what the pins that were found can be narrowed.</summary>
internal sealed record FacetGroup(string Name, IReadOnlyList<FacetLink> Links);

internal sealed record FacetLink(string Text, string Href, long Count)
{
    /// <summary>Of a colour: a class that shows it.</summary>
    public string? Swatch { get; init; }
}
