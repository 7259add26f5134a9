using Microsoft.AspNetCore.Http;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>
/// The path of cookies: the service's own, so that what else is on the same host neither sees nor sets them.
/// </summary>
static class CookiePath
{
    public static string Of(HttpRequest request) =>
        request.PathBase is { HasValue: true, Value: { } path } ? path : "/";
}
