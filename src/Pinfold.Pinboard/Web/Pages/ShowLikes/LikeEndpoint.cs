using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Likes;
using Pinfold.Pinboard.Web.Serving;

namespace Pinfold.Pinboard.Web.Pages.ShowLikes;

/// <summary>
/// What hearts do; each leads back to the page that it was on. A script says that it is one, and stays where it is.
/// </summary>
static class LikeEndpoint
{
    public static void MapLike(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/pin/{id}/like", LikeAsync).RequireAuthorization().RequireRateLimiting(RateLimits.Writes);
        routes.MapPost("/pin/{id}/unlike", UnlikeAsync).RequireAuthorization().RequireRateLimiting(RateLimits.Writes);
    }

    static async Task<IResult> LikeAsync(
        string id, [FromForm(Name = "return")] string? path, [FromForm] string? quiet, Caller caller,
        LikeService likes, HttpContext http, CancellationToken cancellation)
    {
        await likes.LikeAsync(caller.Viewer, RouteId.Pin(id), cancellation);
        return BackTo(path, id, quiet, "You like this pin.", http);
    }

    static async Task<IResult> UnlikeAsync(
        string id, [FromForm(Name = "return")] string? path, [FromForm] string? quiet, Caller caller,
        LikeService likes, HttpContext http, CancellationToken cancellation)
    {
        await likes.UnlikeAsync(caller.Viewer, RouteId.Pin(id), cancellation);
        return BackTo(path, id, quiet, "You do not like this pin any more.", http);
    }

    static IResult BackTo(string? path, string id, string? quiet, string notice, HttpContext http)
    {
        if (!string.IsNullOrEmpty(quiet))
            return Results.NoContent();
        Notices.Say(http, notice);
        return Results.LocalRedirect(LocalPath.Of(path) ?? Routes.Pin(id));
    }
}
