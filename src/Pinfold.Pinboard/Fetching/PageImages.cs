using System.Globalization;
using AngleSharp.Html.Parser.Tokens;

namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// Ranks the img elements of a page that names no image of its own, by what they declare; none is fetched.
/// </summary>
internal sealed class PageImages
{
    const int ImagesMax = 500;
    const int SideMin = 100;
    const int SideMax = 20_000;
    const double RatioMax = 4;

    // What an image of unknown size counts for: less than a declared photograph, more than a declared thumbnail.
    const long UnknownArea = 300 * 200;

    static readonly string[] Decoration =
    [
        "sprite", "icon", "logo", "avatar", "pixel", "blank", "spacer", "badge", "button", "1x1", "tracking", "emoji",
    ];

    readonly List<(string Source, long Area)> _images = [];

    public void See(HtmlTagToken tag)
    {
        if (_images.Count == ImagesMax || Source(tag) is not { } source || IsDecoration(source))
            return;
        var width = Side(tag, "width");
        var height = Side(tag, "height");
        if (width < SideMin || height < SideMin)
            return;
        if (width is null || height is null)
            _images.Add((source, width * width ?? height * height ?? UnknownArea));
        else if ((double)Math.Max(width.Value, height.Value) / Math.Min(width.Value, height.Value) <= RatioMax)
            _images.Add((source, width.Value * height.Value));
    }

    /// <summary>Largest first; among equals, as on the page.</summary>
    public IEnumerable<string> BestFirst() =>
        _images.OrderByDescending(image => image.Area).Select(image => image.Source);

    // Lazy pages put the real address elsewhere, and a data URI or nothing into src.
    static string? Source(HtmlTagToken tag)
    {
        foreach (var name in (ReadOnlySpan<string>)["src", "data-src", "data-original", "data-lazy-src"])
        {
            if (Usable(tag.GetAttribute(name)) is { } source)
                return source;
        }

        return Usable(Largest(tag.GetAttribute("srcset") ?? tag.GetAttribute("data-srcset")));
    }

    static string? Usable(string? source)
    {
        source = source?.Trim();
        return string.IsNullOrEmpty(source) || source.StartsWith("data:", StringComparison.OrdinalIgnoreCase)
            ? null
            : source;
    }

    // "a.jpg 320w, b.jpg 2x": the entry with the greatest number. Parts by ", " since an address may hold a comma.
    static string? Largest(string? srcset)
    {
        string? best = null;
        var bestScale = -1.0;
        foreach (var entry in (srcset ?? "").Split([", ", ",\n"], ImagesMax, StringSplitOptions.TrimEntries))
        {
            var parts = entry.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length == 0)
                continue;
            var number = parts.Length == 2 ? parts[1].TrimEnd('w', 'x', ',') : "1";
            var scale = double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) ? n : 0;
            if (scale > bestScale)
                (best, bestScale) = (parts[0], scale);
        }

        return best;
    }

    static bool IsDecoration(string source)
    {
        var path = source.Split('?', '#')[0];
        return path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase)
            || path.EndsWith(".ico", StringComparison.OrdinalIgnoreCase)
            || Decoration.Any(word => path.Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    static long? Side(HtmlTagToken tag, string name)
    {
        var text = tag.GetAttribute(name)?.Trim() ?? "";
        if (text.EndsWith("px", StringComparison.OrdinalIgnoreCase))
            text = text[..^2];
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var side)
            ? Math.Clamp(side, 1, SideMax)
            : null;
    }
}
