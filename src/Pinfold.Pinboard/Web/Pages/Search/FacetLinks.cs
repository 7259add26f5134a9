using System.Globalization;
using Pinfold.Pinboard.Search;
using Pinfold.Pinboard.Search.Finding;
using Pinfold.Pinboard.Web.Styles;

namespace Pinfold.Pinboard.Web.Pages.Search;

/// <summary>The addresses of a search: narrowed by what facets offer, or not any more.</summary>
sealed record FacetLinks(string Asked, SearchFilter Filter, string? BoardName)
{
    /// <summary>The address of the search as it is.</summary>
    public string Here => PathOf(Filter);

    public IReadOnlyList<FacetLink> Chosen
    {
        get
        {
            var chosen = new List<FacetLink>();
            if (Filter.Kind is { } kind)
                chosen.Add(new FacetLink(NameOfKind(kind), PathOf(Filter with { Kind = null }), 0));
            if (Filter.Colour is { } colour)
                chosen.Add(new FacetLink(colour, PathOf(Filter with { Colour = null }), 0)
                {
                    Swatch = SwatchOf(colour),
                });
            if (Filter.Year is { } year)
                chosen.Add(new FacetLink($"{year}", PathOf(Filter with { Year = null }), 0));
            if (!Filter.Board.IsNone)
                chosen.Add(new FacetLink(BoardName ?? "", PathOf(Filter with { Board = default }), 0));
            return chosen;
        }
    }

    /// <summary>Groups with at least two values: one would leave what is there.</summary>
    public IReadOnlyList<FacetGroup> Of(ShownFacets facets) =>
    [
        .. new FacetGroup[]
        {
            new("Kind", [.. facets.Counts.Kinds.Where(_ => Filter.Kind is null).Select(f => new FacetLink(
                NameOfKind(f.Value), PathOf(Filter with { Kind = f.Value }), f.Count))]),
            new("Colour", [.. facets.Counts.Colours.Where(_ => Filter.Colour is null).Select(f => new FacetLink(
                f.Value, PathOf(Filter with { Colour = f.Value }), f.Count) { Swatch = SwatchOf(f.Value) })]),
            new("Year", [.. facets.Counts.Years.Where(_ => Filter.Year is null).OrderByDescending(f => f.Value)
                .Select(f => new FacetLink($"{f.Value}", PathOf(Filter with { Year = f.Value }), f.Count))]),
            new("Board", [.. facets.Counts.Boards.Where(_ => Filter.Board.IsNone).Select(f => new FacetLink(
                facets.BoardNames[f.Value], PathOf(Filter with { Board = f.Value }), f.Count))]),
        }.Where(group => group.Links.Count > 1),
    ];

    string PathOf(SearchFilter filter)
    {
        var path = Routes.SearchFor(Asked);
        if (filter.Kind is { } kind)
            path += $"&kind={Uri.EscapeDataString(kind)}";
        if (filter.Colour is { } colour)
            path += $"&colour={Uri.EscapeDataString(colour)}";
        if (filter.Year is { } year)
            path += string.Create(CultureInfo.InvariantCulture, $"&year={year}");
        return filter.Board.IsNone ? path : $"{path}&board={filter.Board}";
    }

    static string NameOfKind(string kind) => kind switch
    {
        PinKind.Picture => "Pictures",
        PinKind.Moving => "Moving pictures",
        _ => "Links",
    };

    static string SwatchOf(string colour) => Palette.Nearest(colour switch
    {
        "red" => 0xCC3333,
        "orange" => 0xFF9933,
        "yellow" => 0xFFCC33,
        "green" => 0x339933,
        "teal" => 0x339999,
        "blue" => 0x3366CC,
        "purple" => 0x663399,
        "pink" => 0xFF99CC,
        "brown" => 0x996633,
        "white" => 0xFFFFFF,
        "black" => 0x000000,
        _ => 0x999999,
    });
}
