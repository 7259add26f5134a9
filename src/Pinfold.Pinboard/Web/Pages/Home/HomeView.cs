namespace Pinfold.Pinboard.Web.Models;

/// <summary>The front page for somebody who is not signed in.</summary>
internal sealed record LandingView : PageView;

/// <summary>The front page of somebody who is: their boards and latest pins.</summary>
internal sealed record HomeView : PageView
{
    public IReadOnlyList<BoardCard> Boards { get; init; } = [];
    public Feed Feed { get; init; } = Feed.Empty;

    public override string Place => "home";
}

internal sealed record ProfileView : PageView
{
    public required Person Person { get; init; }
    public string? About { get; init; }
    public long BoardCount { get; init; }
    public long PinCount { get; init; }
    public IReadOnlyList<BoardCard> Boards { get; init; } = [];
    public Feed Feed { get; init; } = Feed.Empty;
    public bool Own { get; init; }

    public override string? Place => Own ? "profile" : null;
}

/// <summary>What /search?q= found: for now people and boards by name.</summary>
internal sealed record SearchView : PageView
{
    public required string Query { get; init; }
    public IReadOnlyList<Person> People { get; init; } = [];
    public IReadOnlyList<BoardCard> Boards { get; init; } = [];
}
