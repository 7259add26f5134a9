namespace Pinfold.Pinboard.Web.Pages.Home;

/// <summary>What the home page shows, as its address says.</summary>
static class HomeFace
{
    /// <summary>What the people and boards that one follows have pinned.</summary>
    public const string Following = "following";

    /// <summary>One's own boards and pins.</summary>
    public const string Own = "own";
}
