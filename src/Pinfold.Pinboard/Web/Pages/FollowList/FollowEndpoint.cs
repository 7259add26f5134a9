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
        Map("/users/{username}/follow", FollowAsync);
        Map("/users/{username}/unfollow", UnfollowAsync);
        Map("/boards/{id}/follow", OfBoard(
            (f, me, id, token) => f.FollowAsync(me, id, token), "You follow this board."));
        Map("/boards/{id}/unfollow", OfBoard(
            (f, me, id, token) => f.UnfollowAsync(me, id, token), "You do not follow this board by itself any more."));
        Map("/boards/{id}/leave-out", OfBoard(
            (f, me, id, token) => f.LeaveOutAsync(me, id, token), "This board is left out."));
        Map("/boards/{id}/take-back", OfBoard(
            (f, me, id, token) => f.TakeBackInAsync(me, id, token), "This board is left out no more."));

        void Map(string path, Delegate handler) =>
            routes.MapPost(path, handler).RequireAuthorization().RequireRateLimiting(RateLimits.Writes);
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

    /// <summary>
    /// Changes how a board is followed. The notice names no board: it may be secret by the time that the next page is
    /// asked for.
    /// </summary>
    static Delegate OfBoard(
        Func<BoardFollowService, Viewer, ObjectId<Board>, CancellationToken, Task> change, string notice) =>
        async (
            string id, [FromForm(Name = "return")] string? path, Caller caller, BoardService boards,
            UserService users, BoardFollowService follows, HttpContext http, CancellationToken cancellation) =>
        {
            var board = await boards.GetAsync(caller.Viewer, RouteId.Board(id), cancellation);
            await change(follows, caller.Viewer, board.Id, cancellation);
            Notices.Say(http, notice);
            var owner = await users.FindAsync(board.Body.Owner, cancellation);
            return Results.LocalRedirect(LocalPath.Of(path)
                ?? (owner is null ? Routes.Home : Routes.Board(owner.Body.Username, board.Body.Slug)));
        };

    static IResult BackTo(string? path, User person, string notice, HttpContext http)
    {
        Notices.Say(http, notice);
        return Results.LocalRedirect(LocalPath.Of(path) ?? Routes.Profile(person.Username));
    }
}
