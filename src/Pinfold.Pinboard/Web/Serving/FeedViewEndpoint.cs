using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>How pins are shown, at all places: as cards, or in a compact list. The server reads the choice.</summary>
static class FeedViewEndpoint
{
    const string Cookie = "view";
    const string List = "list";

    public static bool IsList(HttpRequest request) => request.Cookies[Cookie] == List;

    public static void MapFeedView(this IEndpointRouteBuilder routes) =>
        routes.MapPost(Routes.View, Choose).RefuseOtherSites();

    static IResult Choose([FromForm] string? to, [FromForm(Name = "return")] string? path, HttpContext http)
    {
        if (to == List)
            http.Response.Cookies.Append(Cookie, List, new CookieOptions
            {
                MaxAge = TimeSpan.FromDays(365),
                SameSite = SameSiteMode.Lax,
                HttpOnly = true,
                IsEssential = true,
            });
        else
            http.Response.Cookies.Delete(Cookie);
        return Results.LocalRedirect(LocalPath.Of(path) ?? Routes.Home);
    }
}
