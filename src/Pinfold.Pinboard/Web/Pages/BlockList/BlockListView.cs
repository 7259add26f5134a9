namespace Pinfold.Pinboard.Web.Pages.BlockList;

internal sealed record BlockListView : PageView
{
    /// <summary>Blocked last first.</summary>
    public required IReadOnlyList<Person> People { get; init; }

    /// <summary>Where the next ones are, or null.</summary>
    public string? NextHref { get; init; }
}
