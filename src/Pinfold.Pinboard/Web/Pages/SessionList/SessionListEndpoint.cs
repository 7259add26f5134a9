using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Users;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Pages.SessionList;

/// <summary>Where a person is signed in, and the end of it.</summary>
static class SessionListEndpoint
{
    public static void MapSessionList(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Sessions, ListAsync).RequireAuthorization();
        routes.MapPost(Routes.EndSession, EndAsync).RequireAuthorization().RequireRateLimiting(RateLimits.Writes);
        routes.MapPost(Routes.EndOtherSessions, EndOthersAsync).RequireAuthorization()
            .RequireRateLimiting(RateLimits.Writes);
    }

    static async Task<IResult> ListAsync(
        Caller caller, Sessions sessions, HttpContext http, CancellationToken cancellation)
    {
        var signedIn = http.Features.GetRequiredFeature<SignedIn>();
        var all = await sessions.ListAsync(signedIn, cancellation);
        return new PageResult(new SessionListView
        {
            Title = "Where you are signed in",
            SignedIn = caller.Person,
            Notice = Notices.Take(http),
            Sessions =
            [
                .. all.Select(s => new SessionRow(
                        $"{s.Id}", s.Body.Device, s.Body.Address, s.Body.StartedAt, s.Body.SeenAt,
                        s.Id == signedIn.Session.Id))
                    .OrderByDescending(row => row.IsThis),
            ],
        });
    }

    static async Task<IResult> EndAsync(
        [FromForm] string? id, Caller caller, Sessions sessions, HttpContext http, CancellationToken cancellation)
    {
        if (!ObjectId<Session>.TryParse(id, null, out var session))
            return Results.NotFound();
        await sessions.EndAsync(caller.UserId, session, cancellation, AuditEvent.SessionEnded);
        Notices.Say(http, "Signed out there.");
        return Results.LocalRedirect(Routes.Sessions);
    }

    static async Task<IResult> EndOthersAsync(
        [FromForm] string? _, Caller caller, Sessions sessions, SessionCookies cookies, HttpContext http,
        CancellationToken cancellation)
    {
        var begun = await sessions.EndAllAsync(
            caller.UserId, http.Features.GetRequiredFeature<SignedIn>(), cookies.ClientOf(http), cancellation);
        cookies.Set(http, begun!);
        Notices.Say(http, "Signed out everywhere but here.");
        return Results.LocalRedirect(Routes.Sessions);
    }
}
