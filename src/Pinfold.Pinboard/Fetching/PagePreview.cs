namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// What a page says of itself, as plain text with single blanks, and only http and https addresses. Title is never
/// empty; everything else is null or empty when the page does not tell.
/// </summary>
internal sealed record PagePreview(
    string Title, string? Description, IReadOnlyList<Uri> Images, string? SiteName, Uri? Canonical)
{
    public const int TitleCharactersMax = 300;
    public const int DescriptionCharactersMax = 2000;
    public const int SiteNameCharactersMax = 100;

    /// <summary>So many images are named, and tried.</summary>
    public const int ImagesMax = 5;

    /// <summary>The image that a page offers first.</summary>
    public Uri? Image => Images.Count > 0 ? Images[0] : null;

    /// <summary>The icons that it names for itself, the most useful first.</summary>
    public IReadOnlyList<Uri> Icons { get; init; } = [];

    /// <summary>Where it sends its reader on, at once or soon.</summary>
    public Uri? Refresh { get; init; }

    /// <summary>For an address without a page to read: named by the last part of its path, else by its host.</summary>
    public static PagePreview Of(Uri url, Uri? image = null)
    {
        var last = Uri.UnescapeDataString(url.Segments.LastOrDefault("").Trim('/'));
        var name = Path.GetFileNameWithoutExtension(last).Replace('-', ' ').Replace('_', ' ');
        var title = PageText.Clean(name, TitleCharactersMax) ?? PageText.Clean(url.Host, TitleCharactersMax)!;
        return new PagePreview(title, null, image is null ? [] : [image], null, null);
    }
}
