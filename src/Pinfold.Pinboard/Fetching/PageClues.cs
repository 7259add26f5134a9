using System.Text;
using AngleSharp.Html.Parser.Tokens;
using Pinfold.Pinboard.Encodings;

namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// Collects the elements of a page that tell about it, and at the end decides which of them to believe.
/// </summary>
/// <remarks>Sources: the Open Graph protocol (ogp.me), Twitter's card tags, schema.org in JSON-LD, HTML.</remarks>
internal sealed class PageClues(Uri url)
{
    const int LinksMax = 100;

    readonly Dictionary<string, List<string>> _meta = new(StringComparer.Ordinal);
    readonly OpenGraphImages _openGraph = new();
    readonly List<string> _linkedData = [];
    readonly List<string> _touchIcons = [];
    readonly PageIcons _icons = new();
    readonly PageImages _images = new();
    string? _title;
    string? _base;
    string? _canonical;
    string? _imageSource;
    string? _refresh;

    /// <summary>What the first meta element that tells one says; null before.</summary>
    public Encoding? Encoding { get; private set; }

    public void See(HtmlTagToken tag, PagePlace place)
    {
        switch (tag.Name)
        {
            case "meta":
                SeeMeta(tag, place);
                break;
            case "link":
                SeeLink(tag);
                break;
            case "base":
                _base ??= Attribute(tag, "href");
                break;
            default:
                _images.See(tag);
                break;
        }
    }

    /// <summary>The text inside an element whose content is text.</summary>
    public void SeeText(HtmlTagToken tag, string text)
    {
        if (tag.Name == "title")
            _title ??= PageText.Clean(text, PagePreview.TitleCharactersMax);
        else if (tag.Name == "script" && IsLinkedData(tag) && _linkedData.Count < LinksMax)
            _linkedData.Add(text);
    }

    public PagePreview ToPreview()
    {
        var page = FetchUrl.Resolve(url, _base) ?? url;
        var fallback = PagePreview.Of(url);
        return new PagePreview(
            Text(PagePreview.TitleCharactersMax, "og:title", "twitter:title") ?? _title ?? fallback.Title,
            Text(PagePreview.DescriptionCharactersMax, "og:description", "twitter:description", "description"),
            [.. Usable(page, ImageCandidates()).Distinct().Take(PagePreview.ImagesMax)],
            Text(PagePreview.SiteNameCharactersMax, "og:site_name", "application-name"),
            FetchUrl.Resolve(page, _canonical) ?? Usable(page, Meta("og:url")).FirstOrDefault())
        {
            Refresh = FetchUrl.Resolve(page, _refresh),
            Icons = [.. Usable(page, _icons.BestFirst()).Distinct().Take(PageIcons.TriedMax)],
        };
    }

    /// <summary>Best first.</summary>
    IEnumerable<string> ImageCandidates() =>
    [
        .. _openGraph.BestFirst(),
        .. Meta("twitter:image"), .. Meta("twitter:image:src"),
        .. _linkedData.SelectMany(LinkedData.Images),
        .. Meta("image"),
        .. (_imageSource is null ? [] : new[] { _imageSource }),
        .. _images.BestFirst(),
        .. _touchIcons,
    ];

    void SeeMeta(HtmlTagToken tag, PagePlace place)
    {
        var content = Attribute(tag, "content");
        var pragma = Attribute(tag, "http-equiv")?.ToLowerInvariant();
        var isContentType = pragma == "content-type" && content is not null;
        Encoding ??= EncodingLabels.FindDeclared(
            tag.GetAttribute("charset") is { Length: > 0 } charset ? charset
            : isContentType ? MetaPrescan.Label(content!) : null);
        if (pragma == "refresh" && content is not null && place.IsHead)
            _refresh ??= MetaRefresh.Target(content);
        var name = Attribute(tag, "property") ?? Attribute(tag, "name") ?? Attribute(tag, "itemprop");
        if (name is null || content is null)
            return;
        name = name.ToLowerInvariant();
        _openGraph.See(name, content);
        if (!_meta.TryGetValue(name, out var values) && _meta.Count < LinksMax)
            _meta[name] = values = [];
        if (values?.Count < LinksMax)
            values.Add(content);
    }

    void SeeLink(HtmlTagToken tag)
    {
        if (Attribute(tag, "href") is not { } href || Attribute(tag, "rel") is not { } relations)
            return;
        var words = relations.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        foreach (var relation in words)
        {
            if (relation == "canonical")
                _canonical ??= href;
            else if (relation == "image_src")
                _imageSource ??= href;
            else if (relation == "icon")
                _icons.See(tag, href);
            else if (relation is "apple-touch-icon" or "apple-touch-icon-precomposed" && _touchIcons.Count < LinksMax)
                _touchIcons.Add(href);
        }
    }

    string? Text(int charactersMax, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            foreach (var value in Meta(name))
            {
                if (PageText.Clean(value, charactersMax) is { } text)
                    return text;
            }
        }

        return null;
    }

    static IEnumerable<Uri> Usable(Uri page, IEnumerable<string> links) =>
        links.Select(link => FetchUrl.Resolve(page, link)).OfType<Uri>();

    List<string> Meta(string name) => _meta.GetValueOrDefault(name, []);

    static bool IsLinkedData(HtmlTagToken tag) =>
        Attribute(tag, "type")?.StartsWith("application/ld+json", StringComparison.OrdinalIgnoreCase) == true;

    static string? Attribute(HtmlTagToken tag, string name) => tag.GetAttribute(name)?.Trim() is { Length: > 0 } value
        ? value
        : null;
}
