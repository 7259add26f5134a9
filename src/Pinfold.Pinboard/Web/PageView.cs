namespace Pinfold.Pinboard.Web;

/// <summary>What the frame around every page needs. A page's own record derives from it.</summary>
/// <remarks><c>Pages/Home/LandingView.cs</c> is shown by <c>Landing.cshtml</c> beside it, and so on.</remarks>
internal abstract record PageView
{
    public required string Title { get; init; }

    /// <summary>Null when nobody is signed in.</summary>
    public Person? SignedIn { get; init; }

    /// <summary>One sentence said once, after a redirect: "Saved to Birds".</summary>
    public string? Notice { get; init; }

    /// <summary>What other sites may show of a public page; null on everything that is not public.</summary>
    public SocialCard? Social { get; init; }

    /// <summary>The HTTP status this page is answered with.</summary>
    public virtual int Status => 200;

    /// <summary>Which entry of the navigation is the current one: "home", "explore", "new", "profile",
    /// "notifications" or null.</summary>
    public virtual string? Place => null;

    /// <summary>What was looked for with the field in the header; null except on the page that answers it.</summary>
    public virtual string? Query => null;
}
