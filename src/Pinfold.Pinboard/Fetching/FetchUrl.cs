using Pinfold.Sharding;

namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// Which text is a URL that may be fetched: http or https, a host, no fragment sent; credentials are left out.
/// </summary>
internal static class FetchUrl
{
    public const int CharactersMax = 4096;

    /// <exception cref="FetchException">Invalid: says what is wrong with it.</exception>
    public static Uri Parse(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.Length > CharactersMax)
            throw Invalid($"This address has {trimmed.Length} characters; {CharactersMax} are the most accepted.");
        if (!Uri.TryCreate(WebLink.WithoutCredentials(trimmed), UriKind.Absolute, out var url))
            throw Invalid("This is not a web address; one looks like https://example.org/page.");
        return Checked(url);
    }

    /// <inheritdoc cref="Parse"/>
    public static Uri Checked(Uri url)
    {
        if (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)
            throw Invalid($"Only http and https are fetched, not {url.Scheme}.");
        if (url.IdnHost.Length == 0)
            throw Invalid("This web address names no host.");
        return Bare(url);
    }

    /// <summary>Resolves a link found in a page; null unless it is one that may be fetched.</summary>
    public static Uri? Resolve(Uri page, string? link)
    {
        if (string.IsNullOrWhiteSpace(link) || link.Length > CharactersMax)
            return null;
        var isWeb = Uri.TryCreate(page, link.Trim(), out var url)
            && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            && url.IdnHost.Length > 0
            && url.AbsoluteUri.Length <= CharactersMax;
        return isWeb ? Bare(url!) : null;
    }

    static Uri Bare(Uri url) => url.UserInfo.Length == 0 ? url : new Uri(WebLink.WithoutCredentials(url.AbsoluteUri));

    static FetchException Invalid(string message) => new(ErrorKind.Invalid, message);
}
