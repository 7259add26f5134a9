using System.Globalization;
using AngleSharp.Html.Parser.Tokens;

namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// The icons that a page names (HTML standard, 4.6.6.8), ranked by how near they are to what is shown.
/// </summary>
internal sealed class PageIcons
{
    /// <summary>So many of a page are tried.</summary>
    public const int TriedMax = 2;

    /// <summary>As it is shown, on a screen with two pixels to a point.</summary>
    const int SideWanted = 40;

    /// <summary>Of one that says no size.</summary>
    const int SideUnknown = 16;

    const int IconsMax = 20;

    readonly List<(string Address, int Side)> _icons = [];

    public void See(HtmlTagToken tag, string address)
    {
        var type = tag.GetAttribute("type");
        var isDrawing = type?.Contains("svg", StringComparison.OrdinalIgnoreCase) == true
            || address.Split('?')[0].EndsWith(".svg", StringComparison.OrdinalIgnoreCase);
        if (!isDrawing && _icons.Count < IconsMax)
            _icons.Add((address, SideOf(tag.GetAttribute("sizes"))));
    }

    /// <summary>The smallest that is large enough, else the largest.</summary>
    public IEnumerable<string> BestFirst() => _icons
        .OrderBy(icon => icon.Side < SideWanted)
        .ThenBy(icon => icon.Side < SideWanted ? -icon.Side : icon.Side)
        .Select(icon => icon.Address);

    /// <summary>Of "16x16 32x32" the last.</summary>
    static int SideOf(string? sizes)
    {
        var last = sizes?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
        return int.TryParse(last?.Split('x', 'X')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var side)
            ? side : SideUnknown;
    }
}
