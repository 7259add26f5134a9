using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Pinfold.Pinboard.Users;

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
        SayWhoMayKeep(response);
        return Task.CompletedTask;
    }

    /// <summary>
    /// What somebody sees who is signed in, nobody keeps: the next at this browser does not find it, however they came
    /// there. Every other page is private and asked for anew, but need not be forgotten: making an antiforgery token
    /// would forbid to store it, which keeps "back" from returning to the same place at once.
    /// </summary>
    private static void SayWhoMayKeep(HttpResponse response)
    {
        var headers = response.Headers;
        var isPage = response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) == true;
        if (isPage)
            headers.Remove("Pragma");
        if (isPage || headers.CacheControl.Count == 0)
            headers.CacheControl = response.HttpContext.Features.Get<SignedIn>() is null
                ? "private, no-cache"
                : "no-store";
    }
}
