using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>
/// How pages look is chosen without a token, so that pages for visitors are the same for all of them. That another site
/// has a browser choose is refused by what the browser says of it; an old one that says nothing may be made to show
/// another colour, and nothing else.
/// </summary>
static class SameSite
{
    public static RouteHandlerBuilder RefuseOtherSites(this RouteHandlerBuilder endpoint) =>
        endpoint.DisableAntiforgery().AddEndpointFilter((context, next) => IsOwn(context.HttpContext.Request)
            ? next(context)
            : throw new PinfoldException(
                ErrorKind.Forbidden, "This form was sent by a page of another site."));

    static bool IsOwn(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"];
        if (site.Count > 0)
            return site is ["same-origin" or "none"];
        return request.Headers.Origin is not [{ Length: > 0 } origin]
            || string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }
}
