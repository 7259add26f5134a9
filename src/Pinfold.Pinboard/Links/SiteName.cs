namespace Pinfold.Pinboard.Links;

/// <summary>What a site is called where there is room for little: the name that somebody has registered.</summary>
static class SiteName
{
    /// <summary>
    /// "shop.co.uk" of a link to "news.shop.co.uk"; the whole host where it is an address, or nobody's own; null for no
    /// link.
    /// </summary>
    public static string? Of(string? link)
    {
        if (!Uri.TryCreate(link, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
            return null;
        var shown = uri.Host.TrimEnd('.').Split('.');
        if (uri.HostNameType != UriHostNameType.Dns)
            return uri.Host;
        string[] labels = [.. uri.IdnHost.TrimEnd('.').ToLowerInvariant().Split('.').Reverse()];
        var length = PublicSuffixes.LengthOf(labels) + 1;
        return length >= shown.Length ? string.Join('.', shown) : string.Join('.', shown[^length..]);
    }

    /// <summary>The whole host but "www."; null for no link.</summary>
    public static string? HostOf(string? link) =>
        Uri.TryCreate(link, UriKind.Absolute, out var uri) && uri.Host.Length > 0
            ? uri.Host.StartsWith("www.", StringComparison.Ordinal) ? uri.Host[4..] : uri.Host
            : null;
}
