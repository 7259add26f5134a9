using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>Headers that every answer carries: what a page may load, and who may keep it.</summary>
internal static class PageHeaders
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        + "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static void UsePageHeaders(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        http.Response.OnStarting(Complete, http);
        return next(http);
    });

    /// <summary>At the last moment, since an error clears the headers that were set before it.</summary>
    private static Task Complete(object state)
    {
        var response = ((HttpContext)state).Response;
        var headers = response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        // Behind a balancer that speaks TLS; not for its siblings, which are somebody else's to decide about.
        if (response.HttpContext.Request is { IsHttps: true, Host.Host: not "localhost" })
            headers.StrictTransportSecurity = "max-age=31536000";
        AllowBackForwardCache(response);
        // What is not said to be for everybody is for who asked, in whatever cache stands between.
        if (headers.CacheControl.Count == 0)
            headers.CacheControl = "private, no-cache";
        return Task.CompletedTask;
    }

    /// <summary>
    /// Making an antiforgery token forbids the browser to store the page, which would also keep "back" from returning
    /// to the same place at once. A page is private and asked for anew; it need not be forgotten.
    /// </summary>
    private static void AllowBackForwardCache(HttpResponse response)
    {
        if (response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) == true)
        {
            response.Headers.CacheControl = "private, no-cache";
            response.Headers.Remove("Pragma");
        }
    }
}
