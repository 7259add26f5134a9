using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Follows;
using Pinfold.Pinboard.Users;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Pages.FollowList;

/// <summary>What the buttons of follows do; each leads back to the page that it was on.</summary>
static class FollowEndpoint
{
    public static void MapFollow(this IEndpointRouteBuilder routes)
    {
        Protect(routes.MapPost("/users/{username}/follow", FollowAsync));
        Protect(routes.MapPost("/users/{username}/unfollow", UnfollowAsync));
        Protect(routes.MapPost("/boards/{id}/follow", ([AsParameters] BoardButton button) => button.ChangeAsync(
            (f, me, id, token) => f.FollowAsync(me, id, token), "You follow this board.")));
        Protect(routes.MapPost("/boards/{id}/unfollow", ([AsParameters] BoardButton button) => button.ChangeAsync(
            (f, me, id, token) => f.UnfollowAsync(me, id, token), "You do not follow this board by itself any more.")));
        Protect(routes.MapPost("/boards/{id}/leave-out", ([AsParameters] BoardButton button) => button.ChangeAsync(
            (f, me, id, token) => f.LeaveOutAsync(me, id, token), "This board is left out.")));
        Protect(routes.MapPost("/boards/{id}/take-back", ([AsParameters] BoardButton button) => button.ChangeAsync(
            (f, me, id, token) => f.TakeBackInAsync(me, id, token), "This board is left out no more.")));

        static void Protect(RouteHandlerBuilder route) =>
            route.RequireAuthorization().RequireRateLimiting(RateLimits.Writes);
    }

    static async Task<IResult> FollowAsync(
        string username, [FromForm(Name = "return")] string? path, Caller caller, UserService users,
        FollowService follows, HttpContext http, CancellationToken cancellation)
    {
        var person = await users.GetAsync(username, cancellation);
        await follows.FollowAsync(caller.Viewer, person.Id, cancellation);
        return BackTo(path, person.Body, $"You follow {person.Body.DisplayName}.", http);
    }

    static async Task<IResult> UnfollowAsync(
        string username, [FromForm(Name = "return")] string? path, Caller caller, UserService users,
        FollowService follows, HttpContext http, CancellationToken cancellation)
    {
        var person = await users.GetAsync(username, cancellation);
        await follows.UnfollowAsync(caller.Viewer, person.Id, cancellation);
        return BackTo(path, person.Body, $"You do not follow {person.Body.DisplayName} any more.", http);
    }

    static IResult BackTo(string? path, User person, string notice, HttpContext http)
    {
        Notices.Say(http, notice);
        return Results.LocalRedirect(LocalPath.Of(path) ?? Routes.Profile(person.Username));
    }
}
