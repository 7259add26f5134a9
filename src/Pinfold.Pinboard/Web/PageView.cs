namespace Pinfold.Pinboard.Web.Models;

/// <summary>What the frame around every page needs. A page's own model derives from it.</summary>
/// <remarks><c>BoardView</c> is shown by <c>Views/Board.cshtml</c>, and so on: the name is the whole rule.</remarks>
internal abstract record PageView
{
    public required string Title { get; init; }

    /// <summary>Null when nobody is signed in.</summary>
    public Viewer? Viewer { get; init; }

    /// <summary>One sentence said once, after a redirect: "Saved to Birds".</summary>
    public string? Notice { get; init; }

    /// <summary>What other sites may show of a public page; null on everything that is not public.</summary>
    public SocialCard? Social { get; init; }

    /// <summary>The HTTP status this page is answered with.</summary>
    public virtual int Status => 200;

    /// <summary>Which entry of the navigation is the current one: "home", "new", "profile" or null.</summary>
    public virtual string? Place => null;
}

internal sealed record Viewer(string Username, string DisplayName);

/// <summary>OpenGraph. The addresses are absolute, because they are read away from this site.</summary>
internal sealed record SocialCard(string Url, string Title, string? Description, string? PictureUrl);
