using Pinfold.Pinboard.Web.Cards;

namespace Pinfold.Pinboard.Web.Pages.Search;

/// <summary>What /search?q= found: for now people and boards by name.</summary>
internal sealed record SearchView(string Asked) : PageView
{
    public IReadOnlyList<Person> People { get; init; } = [];
    public IReadOnlyList<BoardCard> Boards { get; init; } = [];

    public override string Query => Asked;
}
