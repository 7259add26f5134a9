using AngleSharp.Html.Parser.Tokens;

namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// Where the image of one img element may be. Lazy pages keep the real address in another attribute, and a placeholder
/// in <c>src</c>.
/// </summary>
/// <param name="BestFirst">None that is known to be a placeholder; empty when nothing else is there.</param>
/// <param name="IsDecoration">By the words in its address.</param>
internal sealed record ImageSources(IReadOnlyList<string> BestFirst, bool IsDecoration)
{
    /// <summary>Of one img: when its best address fails, one more is tried.</summary>
    const int OfOneMax = 2;

    const string Sets = "srcset";

    static readonly HashSet<string> LazyNames =
    [
        "data-original", "data-lazy", "data-echo", "data-delayed-url", "data-hi-res", "data-hires", "data-full",
        "data-full-url", "data-large", "data-large-file", "data-orig-file", "data-image", "data-img", "data-url",
        "data-zoom-image", "data-pin-media", "lazy-src",
    ];

    /// <param name="tag">An img.</param>
    /// <param name="ofPicture">What the source elements before it, in the same picture, name.</param>
    public static ImageSources Of(HtmlTagToken tag, IReadOnlyList<string> ofPicture)
    {
        string[] all = [.. ofPicture, .. OfSets(tag), .. Lazy(tag), tag.GetAttribute("src") ?? ""];
        var usable = all.Select(source => source.Trim()).Where(source => !IsPlaceholder(source)).Distinct().ToList();
        var plain = usable.Where(source => !ImageWords.AreInPath(source)).Take(OfOneMax).ToList();
        return plain.Count > 0 ? new(plain, false) : new([.. usable.Take(OfOneMax)], true);
    }

    /// <summary>The largest of each of an element's sets; those that wait for a script first.</summary>
    public static IEnumerable<string> OfSets(HtmlTagToken tag)
    {
        foreach (var attribute in tag.Attributes.Where(a => IsLazy(a.Name, Sets)))
            yield return Largest(attribute.Value);
        yield return Largest(tag.GetAttribute(Sets));
    }

    /// <summary>Nothing, something within the page, or of a kind that is never a picture.</summary>
    public static bool IsPlaceholder(string source)
    {
        var path = source.AsSpan();
        if (path.IndexOfAny('?', '#') is var end and >= 0)
            path = path[..end];
        return path.Trim().IsEmpty
            || path.StartsWith("data:", StringComparison.OrdinalIgnoreCase)
            || path.StartsWith("about:", StringComparison.OrdinalIgnoreCase)
            || path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase)
            || path.EndsWith(".ico", StringComparison.OrdinalIgnoreCase);
    }

    static string Largest(string? set) =>
        SrcSet.LargestFirst(set).Select(candidate => candidate.Source).FirstOrDefault(s => !IsPlaceholder(s)) ?? "";

    static IEnumerable<string> Lazy(HtmlTagToken tag) =>
        from attribute in tag.Attributes
        where LazyNames.Contains(attribute.Name) || IsLazy(attribute.Name, "src")
        where IsAddress(attribute.Value)
        select attribute.Value;

    static bool IsLazy(string name, string ending) =>
        name.StartsWith("data-", StringComparison.Ordinal) && name.EndsWith(ending, StringComparison.Ordinal);

    // Other things are kept in such attributes too: numbers, flags, JSON, templates.
    static bool IsAddress(string? value) => value?.Trim() is { Length: > 0 } text
        && text.AsSpan().IndexOfAny(" {}[]<>\"") < 0 && text.AsSpan().IndexOfAny("/.") >= 0;
}
