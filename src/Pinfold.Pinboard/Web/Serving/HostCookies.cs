using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>
/// Over TLS every cookie has the prefix <c>__Host-</c> on the wire: browsers take such a one from this host only, whole
/// and encrypted, so that neither a sibling host nor somebody on the way can plant another in its place. The code
/// behind this knows cookies by their plain names; a plain one that comes over TLS is not seen by it.
/// </summary>
/// <remarks>RFC 6265bis, section 4.1.3.2.</remarks>
static class HostCookies
{
    const string Prefix = "__Host-";

    /// <summary>What a cookie is called on the wire, for scripts.</summary>
    public static string NameOf(HttpRequest request, string cookie) => request.IsHttps ? Prefix + cookie : cookie;

    /// <summary>Behind <see cref="OwnAddress"/>, which knows whether it is TLS, and before all that has
    /// cookies.</summary>
    public static void UseHostCookies(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (http.Request.IsHttps)
            http.Request.Headers.Cookie = OfThisHost(http.Request.Headers.Cookie);
        var inner = http.Features.Get<IResponseCookiesFeature>() ?? new ResponseCookiesFeature(http.Features);
        http.Features.Set<IResponseCookiesFeature>(new Feature(new Cookies(inner.Cookies, http.Request)));
        return next(http);
    });

    static string OfThisHost(IEnumerable<string?> headers) => string.Join("; ",
        string.Join(';', headers).Split(';', StringSplitOptions.TrimEntries)
            .Where(cookie => cookie.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(cookie => cookie[Prefix.Length..]));

    sealed class Feature(IResponseCookies cookies) : IResponseCookiesFeature
    {
        public IResponseCookies Cookies => cookies;
    }

    /// <summary>
    /// What the prefix demands is added to whatever is asked for: the whole host, and TLS. Without it a cookie is for
    /// what is below the service's own path.
    /// </summary>
    sealed class Cookies(IResponseCookies inner, HttpRequest request) : IResponseCookies
    {
        public void Append(string key, string value) => Append(key, value, new CookieOptions());

        public void Append(string key, string value, CookieOptions options) =>
            inner.Append(NameOf(request, key), value, OfWholeHost(options));

        public void Delete(string key) => Delete(key, new CookieOptions());

        public void Delete(string key, CookieOptions options) =>
            inner.Delete(NameOf(request, key), OfWholeHost(options));

        CookieOptions OfWholeHost(CookieOptions options) => new(options)
        {
            Path = request.IsHttps ? "/" : CookiePath.Of(request),
            Domain = null,
            Secure = request.IsHttps,
        };
    }
}
