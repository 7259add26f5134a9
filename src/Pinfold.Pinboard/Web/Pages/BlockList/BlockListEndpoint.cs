using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Blocks;
using Pinfold.Pinboard.Users;
using Pinfold.Pinboard.Web.Cards;
using Pinfold.Pinboard.Web.Serving;

namespace Pinfold.Pinboard.Web.Pages.BlockList;

/// <summary>Whom a person has blocked; and what blocks and unblocks.</summary>
static class BlockListEndpoint
{
    public static void MapBlockList(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Blocked, ListAsync).RequireAuthorization();
        routes.MapPost("/users/{username}/block", BlockAsync).RequireAuthorization()
            .RequireRateLimiting(RateLimits.Writes);
        routes.MapPost("/users/{username}/unblock", UnblockAsync).RequireAuthorization()
            .RequireRateLimiting(RateLimits.Writes);
    }

    static async Task<IResult> ListAsync(
        string? cursor, Caller caller, BlockReader blocks, FeedCursors cursors, HttpContext http,
        CancellationToken cancellation)
    {
        // Everybody's list has this address: a cursor of somebody else's is none of this one.
        var list = $"{Routes.Blocked} of {caller.UserId}";
        var (people, next) = await blocks.PageAsync(
            caller.Viewer, cursors.Open(cursor, list, isOwn: true), cancellation);
        return new PageResult(new BlockListView
        {
            Title = "People you have blocked",
            SignedIn = caller.Person,
            Notice = Notices.Take(http),
            People = [.. people.Select(u => new Person(u.Body.Username, u.Body.DisplayName))],
            NextHref = cursors.NextHref(next, Routes.Blocked, isOwn: true, list),
        });
    }

    static async Task<IResult> BlockAsync(
        string username, [FromForm(Name = "return")] string? path, Caller caller, UserService users,
        BlockService blocks, HttpContext http, CancellationToken cancellation)
    {
        var person = await users.GetAsync(username, cancellation);
        await blocks.BlockAsync(caller.Viewer, person.Id, cancellation);
        Notices.Say(http, $"{person.Body.DisplayName} is blocked.");
        return Results.LocalRedirect(LocalPath.Of(path) ?? Routes.Profile(person.Body.Username));
    }

    static async Task<IResult> UnblockAsync(
        string username, [FromForm(Name = "return")] string? path, Caller caller, UserService users,
        BlockService blocks, HttpContext http, CancellationToken cancellation)
    {
        var person = await users.GetAsync(username, cancellation);
        await blocks.UnblockAsync(caller.Viewer, person.Id, cancellation);
        Notices.Say(http, $"{person.Body.DisplayName} is blocked no more.");
        return Results.LocalRedirect(LocalPath.Of(path) ?? Routes.Profile(person.Body.Username));
    }
}
