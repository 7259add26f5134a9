using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Registration;
using Pinfold.Pinboard.Users;
using Pinfold.Pinboard.Web.Forms;
using Pinfold.Pinboard.Web.Serving;

namespace Pinfold.Pinboard.Web.Pages.SignUp;

/// <summary>Makes an account, and signs its owner in.</summary>
static class SignUpEndpoint
{
    public static void MapSignUp(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.SignUp, ShowAsync);
        routes.MapPost(Routes.SignUp, SignUpAsync).RequireRateLimiting(RateLimits.SignIns);
    }

    static async Task<IResult> ShowAsync(
        string? invitation, Caller caller, SignUps signUps, Invitations invitations, CancellationToken cancellation)
    {
        if (caller.Person is not null)
            return Results.LocalRedirect(Routes.Home);
        return new PageResult(await signUps.ModeAsync(cancellation) switch
        {
            RegistrationMode.Closed => Refused(SignUps.ClosedWords),
            RegistrationMode.Open => Form() with { IsFirst = await signUps.IsForFirstAsync(cancellation) },
            _ when invitation is null => Refused("Somebody who is here can invite you: ask them for a link."),
            _ => await invitations.IsGoodAsync(InvitationLink.TryParse(invitation), cancellation)
                ? Form() with { Invitation = invitation, IsFirst = await signUps.IsForFirstAsync(cancellation) }
                : Refused(SignUps.NotGoodWords),
        });
    }

    static async Task<IResult> SignUpAsync(
        [FromForm] string? username, [FromForm] string? email, [FromForm] string? password,
        [FromForm] string? invitation, UserManager<Account> users, SignUps signUps, SignIns signIns,
        SessionCookies cookies, HttpContext http, CancellationToken cancellation)
    {
        var errors = new Dictionary<string, string>();
        var name = FormErrors.Check(errors, "username", () => Usernames.Checked(username));
        var address = FormErrors.Check(errors, "email", () => Usernames.CheckedEmail(email));
        var isRefused = false;
        if (errors.Count == 0)
        {
            var (result, account) = await signUps.SignUpAsync(
                users, name!, address!, password ?? "", InvitationLink.TryParse(invitation), cancellation);
            if (result.Succeeded)
            {
                cookies.Set(http, await signIns.StartAsync(account.Id, cookies.ClientOf(http), cancellation));
                Notices.Say(http, account.IsAdministrator
                    ? $"Welcome, {name}. You are the administrator here." : $"Welcome, {name}.");
                return Results.LocalRedirect(Routes.Home);
            }
            foreach (var error in result.Errors)
                errors[FormErrors.FieldOf(error)] = error.Description;
            isRefused = result.Errors.Any(SignUps.IsRefusal);
        }
        return new PageResult(Form() with
        {
            Username = username,
            Email = email,
            Invitation = invitation,
            Errors = errors,
            Refusal = isRefused ? errors[""] : null,
            IsRefused = isRefused,
        });
    }

    static SignUpView Form() => new() { Title = "Sign up" };

    static SignUpView Refused(string why) => Form() with { Refusal = why };
}
