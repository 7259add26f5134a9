using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Users;
using Pinfold.Pinboard.Web.Serving;

namespace Pinfold.Pinboard.Web.Pages.SignIn;

/// <summary>Signs people in and out.</summary>
static class SignInEndpoint
{
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.SignIn, (Caller caller, string? returnUrl) => caller.Person is null
            ? new PageResult(new SignInView { Title = "Sign in", Return = LocalPath.Of(returnUrl) })
            : Results.LocalRedirect(LocalPath.Of(returnUrl) ?? Routes.Home));
        routes.MapPost(Routes.SignIn, SignInAsync).RequireRateLimiting(RateLimits.SignIns);
        routes.MapPost(Routes.SignOut, SignOutAsync);
    }

    static async Task<IResult> SignInAsync(
        [FromForm] string? name, [FromForm] string? password, [FromForm] string? remember,
            [FromForm(Name = "return")] string? path,
        SignIns signIns, SessionCookies cookies, HttpContext http, CancellationToken cancellation)
    {
        var result = await signIns.TryAsync(name, password, remember is not null, cookies.ClientOf(http), cancellation);
        if (result.Session is { } session)
        {
            cookies.Set(http, session);
            return Results.LocalRedirect(LocalPath.Of(path) ?? Routes.Home);
        }
        if (result.Outcome == SignInOutcome.HeldUp)
            return Results.StatusCode(StatusCodes.Status429TooManyRequests);
        return new PageResult(new SignInView
        {
            Title = "Sign in",
            Name = name,
            Return = LocalPath.Of(path),
            Errors = new Dictionary<string, string>
            {
                [""] = result.Outcome == SignInOutcome.Disabled
                    ? "This account is disabled. Ask whoever runs this site."
                    // One sentence, so that it tells nobody which names there are, and which are held up.
                    : "This name and this password do not go together. After ten wrong passwords, wait a quarter of an "
                        + "hour.",
            },
        });
    }

    static async Task<IResult> SignOutAsync(
        [FromForm] string? _, Sessions sessions, HttpContext http, CancellationToken cancellation)
    {
        if (http.Features.Get<SignedIn>() is { } signedIn)
            await sessions.EndAsync(signedIn.User.Id, signedIn.Session.Id, cancellation);
        SessionCookies.Remove(http);
        // "Back" must not bring a page of the one who left, nor what a page kept of it.
        http.Response.Headers["Clear-Site-Data"] = "\"cache\", \"storage\"";
        return Results.LocalRedirect(Routes.Home);
    }
}
