using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Registration;
using Pinfold.Pinboard.Web.Forms;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Pinboard.Web.Styles;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Pages.InvitationList;

/// <summary>A person's invitations: made, and taken back.</summary>
static class InvitationListEndpoint
{
    public static void MapInvitationList(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Invitations, ListAsync).RequireAuthorization();
        routes.MapPost(Routes.Invitations, MakeAsync).RequireAuthorization().RequireRateLimiting(RateLimits.Writes);
        routes.MapPost(Routes.RevokeInvitation, RevokeAsync).RequireAuthorization()
            .RequireRateLimiting(RateLimits.Writes);
    }

    static async Task<IResult> ListAsync(
        Caller caller, SignUps signUps, Invitations invitations, TimeProvider time, HttpContext http,
        CancellationToken cancellation)
    {
        var view = await ViewAsync(caller, signUps, invitations, time, cancellation);
        return new PageResult(view with { Notice = Notices.Take(http) });
    }

    static async Task<IResult> MakeAsync(
        [FromForm] int? days, [FromForm] int? uses, Caller caller, SignUps signUps, Invitations invitations,
        TimeProvider time, HttpContext http, CancellationToken cancellation)
    {
        try
        {
            var (_, link) = await invitations.MakeAsync(caller.UserId, uses ?? 1, days ?? 0, cancellation);
            // Answered at once and not after a redirect: the link is in no cookie and in no other answer.
            var view = await ViewAsync(caller, signUps, invitations, time, cancellation);
            return new PageResult(view with { NewLink = OwnLinks.To(http, Routes.SignUpBy(link)) });
        }
        catch (PinfoldException e) when (FormErrors.IsOfInput(e))
        {
            var view = await ViewAsync(caller, signUps, invitations, time, cancellation);
            var field = days is not (>= 1 and <= Invitation.DaysMax) ? "days"
                : uses is < 1 or > Invitation.UsesOfOneMax ? "uses" : "";
            return new PageResult(view with
            {
                Errors = new Dictionary<string, string> { [field] = e.Message },
                Days = days ?? 0,
                Uses = uses ?? 1,
            });
        }
    }

    static async Task<IResult> RevokeAsync(
        [FromForm] string? id, Caller caller, Invitations invitations, HttpContext http,
        CancellationToken cancellation)
    {
        if (!ObjectId<Invitation>.TryParse(id, null, out var invitation) || invitation.Shard != caller.UserId.Shard)
            throw new PinfoldException(ErrorKind.NotFound, "There is no such invitation.");
        await invitations.RevokeAsync(invitation, caller.UserId, cancellation);
        Notices.Say(http, "The invitation is taken back.");
        return Results.LocalRedirect(Routes.Invitations);
    }

    static async Task<InvitationListView> ViewAsync(
        Caller caller, SignUps signUps, Invitations invitations, TimeProvider time, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return new InvitationListView
        {
            Title = "Invitations",
            SignedIn = caller.Person,
            Mode = await signUps.ModeAsync(cancellation),
            MayInviteMany = caller.IsAdministrator,
            Invitations =
            [
                .. (await invitations.ListAsync(caller.UserId, cancellation)).Select(i => new InvitationRow(
                    $"{i.Id}", StateOf(i.Body, now), i.Body.MadeAt, [.. i.Body.Uses.Select(use => use.Username)],
                    i.Body.IsOpen(now))),
            ],
        };
    }

    static string StateOf(Invitation invitation, DateTimeOffset now) => invitation switch
    {
        { RevokedAt: not null } => "Taken back",
        { UsesMax: var most } when invitation.Uses.Count >= most => "Used",
        _ when now >= invitation.EndsAt => $"Ended on {Times.Day(invitation.EndsAt)}",
        { UsesMax: 1 } => $"Open until {Times.Day(invitation.EndsAt)}",
        _ => $"Open until {Times.Day(invitation.EndsAt)}, {invitation.Uses.Count} of {invitation.UsesMax} used",
    };
}
