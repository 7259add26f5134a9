using Pinfold.Sharding;

namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// What one fetch takes along from one request to the next: where it has been, and cookies. A page, what it redirects
/// to and its pictures are one fetch; another fetch, of whomever, knows nothing of it.
/// </summary>
internal sealed class FetchTrail
{
    readonly HashSet<string> _been = new(StringComparer.Ordinal);
    readonly CookieJar _cookies;
    readonly Uri? _page;

    /// <param name="time">By which cookies end.</param>
    /// <param name="rests">Whom to leave alone; null to ask in any case.</param>
    public FetchTrail(TimeProvider time, HostRests? rests = null) : this(new CookieJar(time), rests, null)
    {
    }

    FetchTrail(CookieJar cookies, HostRests? rests, Uri? page) => (_cookies, Rests, _page) = (cookies, rests, page);

    public HostRests? Rests { get; }

    /// <summary>For one picture of a page: with the page's cookies, and a way of its own.</summary>
    public FetchTrail ForPictureOf(Uri? page) => new(_cookies, Rests, page);

    /// <summary>
    /// Goes to an address, and counts that. Going to one again is a circle, unless there is a cookie now that was not
    /// there before: sites ask for one in this way.
    /// </summary>
    /// <exception cref="FetchException">Invalid: a circle. LimitExceeded: too many.</exception>
    public void Step(Uri url, int redirectsMax)
    {
        if (!_been.Add(Key(url)))
            throw new FetchException(ErrorKind.Invalid, $"{url.Host} redirects in a circle.");
        if (_been.Count > redirectsMax + 1)
        {
            throw new FetchException(ErrorKind.LimitExceeded,
                $"{url.Host} redirects more than {redirectsMax} times.");
        }
    }

    public bool HasBeenAt(Uri url) => _been.Contains(Key(url));

    public void AddHeaders(HttpRequestMessage request)
    {
        var url = request.RequestUri!;
        if (_cookies.HeaderFor(url) is { } cookies)
            request.Headers.TryAddWithoutValidation("Cookie", cookies);
        // The origin alone, and not to whom a page that came encrypted would be told in clear ("strict-origin").
        if (_page is not null && (_page.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps))
            request.Headers.TryAddWithoutValidation("Referer", _page.GetLeftPart(UriPartial.Authority) + "/");
    }

    public void Take(Uri url, HttpResponseMessage response)
    {
        if (response.Headers.TryGetValues("Set-Cookie", out var lines))
            foreach (var line in lines)
                _cookies.Set(url, line);
    }

    string Key(Uri url) =>
        $"{url.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped)} {_cookies.HeaderFor(url)}";
}
