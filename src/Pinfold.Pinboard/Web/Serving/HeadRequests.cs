using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>
/// HEAD is answered by what answers GET, on every route: whoever checks a link gets the page's own
/// status.
/// </summary>
internal static class HeadRequests
{
    /// <summary>Before the routes. The server itself remembers the method of the wire, and sends no body.</summary>
    public static void UseHeadRequests(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (HttpMethods.IsHead(http.Request.Method))
            http.Request.Method = HttpMethods.Get;
        return next(http);
    });
}
