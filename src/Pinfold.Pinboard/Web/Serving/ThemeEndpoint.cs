using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>Light, dark, or as the system has it. The server reads the choice, so a page never flashes.</summary>
internal static class ThemeEndpoint
{
    /// <summary>Its plain name; a script that sets it asks <see cref="HostCookies.NameOf"/>.</summary>
    public const string Cookie = "theme";

    /// <summary>"light", "dark", or null for the system's.</summary>
    public static string? Chosen(HttpRequest request) =>
        request.Cookies[Cookie] is "light" or "dark" ? request.Cookies[Cookie] : null;

    public static void MapTheme(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/theme", ([FromForm] string? to, [FromForm(Name = "return")] string? path, HttpContext http) =>
        {
            if (to is "light" or "dark")
                http.Response.Cookies.Append(Cookie, to, new CookieOptions
                {
                    MaxAge = TimeSpan.FromDays(365),
                    SameSite = SameSiteMode.Lax,
                    IsEssential = true,
                });
            else
                http.Response.Cookies.Delete(Cookie);
            return Results.LocalRedirect(LocalPath.Of(path) ?? Routes.Home);
        }).RefuseOtherSites();
}
