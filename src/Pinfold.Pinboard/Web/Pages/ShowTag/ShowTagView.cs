using Pinfold.Pinboard.Web.Cards;

namespace Pinfold.Pinboard.Web.Pages.ShowTag;

/// <summary>The pins with a tag, newest first.</summary>
internal sealed record ShowTagView(string Name) : PageView
{
    /// <summary>That the index does not answer, or is still being made.</summary>
    public string? Trouble { get; init; }

    public bool IsUnavailable { get; init; }
    public long Total { get; init; }
    public Feed Feed { get; init; } = Feed.Empty;

    public override string Query => $"#{Name}";

    public override int Status => IsUnavailable ? 503 : 200;
}
