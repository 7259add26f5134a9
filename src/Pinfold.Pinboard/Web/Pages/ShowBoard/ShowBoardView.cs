using Pinfold.Pinboard.Web.Cards;

namespace Pinfold.Pinboard.Web.Pages.ShowBoard;

internal sealed record ShowBoardView : PageView
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Href { get; init; }
    public required Person Owner { get; init; }
    public string? About { get; init; }
    public long PinCount { get; init; }
    public long FollowerCount { get; init; }

    /// <summary>Null for a board of one's own.</summary>
    public FollowControl? Follow { get; init; }
    public bool Secret { get; init; }
    public bool Own { get; init; }
    public IReadOnlyList<SectionLink> Sections { get; init; } = [];
    public Feed Feed { get; init; } = Feed.Empty;

    public SectionLink? Section => Sections.FirstOrDefault(section => section.Current);
}

/// <summary>A section of a board; the current one's pins are shown.</summary>
internal sealed record SectionLink(string Href, string Name, long PinCount, bool Current);
