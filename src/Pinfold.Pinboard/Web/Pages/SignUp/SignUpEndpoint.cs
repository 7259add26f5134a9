using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Users;
using Pinfold.Pinboard.Web.Forms;
using Pinfold.Pinboard.Web.Serving;

namespace Pinfold.Pinboard.Web.Pages.SignUp;

/// <summary>Makes an account, and signs its owner in.</summary>
static class SignUpEndpoint
{
    public static void MapSignUp(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.SignUp, (Caller caller) => caller.Person is null
            ? new PageResult(new SignUpView { Title = "Sign up" })
            : Results.LocalRedirect(Routes.Home));
        routes.MapPost(Routes.SignUp, SignUpAsync).RequireRateLimiting(RateLimits.SignIns);
    }

    static async Task<IResult> SignUpAsync(
        [FromForm] string? username, [FromForm] string? email, [FromForm] string? password,
        UserManager<Account> users, SignIns signIns, SessionCookies cookies, HttpContext http,
        CancellationToken cancellation)
    {
        var errors = new Dictionary<string, string>();
        var name = FormErrors.Check(errors, "username", () => Usernames.Checked(username));
        var address = FormErrors.Check(errors, "email", () => Usernames.CheckedEmail(email));
        if (errors.Count == 0)
        {
            var account = new Account { Username = name!, Email = address };
            var result = await users.CreateAsync(account, password ?? "");
            if (result.Succeeded)
            {
                cookies.Set(http, await signIns.StartAsync(account.Id, cookies.ClientOf(http), cancellation));
                Notices.Say(http, $"Welcome, {name}.");
                return Results.LocalRedirect(Routes.Home);
            }
            foreach (var error in result.Errors)
                errors[FormErrors.FieldOf(error)] = error.Description;
        }
        return new PageResult(
            new SignUpView { Title = "Sign up", Username = username, Email = email, Errors = errors });
    }
}
