using AngleSharp.Html.Parser.Tokens;

namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// Collects the elements of a page that tell about it, and at the end decides which of them to believe.
/// </summary>
/// <remarks>Sources: the Open Graph protocol (ogp.me), Twitter's card tags, schema.org in JSON-LD, HTML.</remarks>
internal sealed class PageClues(Uri url)
{
    const int LinksMax = 100;

    readonly Dictionary<string, List<string>> _meta = new(StringComparer.Ordinal);
    readonly List<string> _linkedData = [];
    readonly PageImages _images = new();
    string? _title;
    string? _base;
    string? _canonical;
    string? _imageSource;

    public void See(HtmlTagToken tag)
    {
        switch (tag.Name)
        {
            case "meta":
                SeeMeta(tag);
                break;
            case "link":
                SeeLink(tag);
                break;
            case "base":
                _base ??= Attribute(tag, "href");
                break;
            case "img":
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
            FirstUsable(page, ImageCandidates()),
            Text(PagePreview.SiteNameCharactersMax, "og:site_name", "application-name"),
            FetchUrl.Resolve(page, _canonical) ?? FirstUsable(page, Meta("og:url")));
    }

    IEnumerable<string> ImageCandidates()
    {
        string[] names =
            ["og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src"];
        foreach (var image in names.SelectMany(Meta))
            yield return image;
        foreach (var image in _linkedData.SelectMany(LinkedData.Images))
            yield return image;
        if (_imageSource is not null)
            yield return _imageSource;
        foreach (var image in _images.BestFirst())
            yield return image;
    }

    void SeeMeta(HtmlTagToken tag)
    {
        var name = Attribute(tag, "property") ?? Attribute(tag, "name") ?? Attribute(tag, "itemprop");
        if (name is null || Attribute(tag, "content") is not { } content)
            return;
        name = name.ToLowerInvariant();
        if (!_meta.TryGetValue(name, out var values) && _meta.Count < LinksMax)
            _meta[name] = values = [];
        if (values?.Count < LinksMax)
            values.Add(content);
    }

    void SeeLink(HtmlTagToken tag)
    {
        if (Attribute(tag, "href") is not { } href || Attribute(tag, "rel") is not { } relations)
            return;
        foreach (var relation in relations.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (relation == "canonical")
                _canonical ??= href;
            else if (relation == "image_src")
                _imageSource ??= href;
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

    static Uri? FirstUsable(Uri page, IEnumerable<string> links) =>
        links.Select(link => FetchUrl.Resolve(page, link)).FirstOrDefault(link => link is not null);

    List<string> Meta(string name) => _meta.GetValueOrDefault(name, []);

    static bool IsLinkedData(HtmlTagToken tag) =>
        Attribute(tag, "type")?.StartsWith("application/ld+json", StringComparison.OrdinalIgnoreCase) == true;

    static string? Attribute(HtmlTagToken tag, string name) => tag.GetAttribute(name)?.Trim() is { Length: > 0 } value
        ? value
        : null;
}
