using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
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
        routes.MapPost(Routes.SignOut, async ([FromForm] string? _, SignInManager<Account> signIn, HttpContext http) =>
        {
            await signIn.SignOutAsync();
            // "Back" must not bring a page of the one who left.
            http.Response.Headers["Clear-Site-Data"] = "\"cache\"";
            return Results.LocalRedirect(Routes.Home);
        });
    }

    static async Task<IResult> SignInAsync(
        [FromForm] string? name, [FromForm] string? password, [FromForm] string? remember,
            [FromForm(Name = "return")] string? path,
        UserManager<Account> users, SignInManager<Account> signIn, SignInTurns turns)
    {
        var account = string.IsNullOrWhiteSpace(name) || name.Length > 254 ? null
            : name.Contains('@', StringComparison.Ordinal) ? await users.FindByEmailAsync(name.Trim())
                : await users.FindByNameAsync(name.Trim());
        var result = Microsoft.AspNetCore.Identity.SignInResult.Failed;
        if (account is not null && (password ?? "").Length <= Account.PasswordLengthMax)
            result = await turns.TakeAsync(account.Id, async () =>
                // Read again: those before it may have counted.
                await users.FindByIdAsync(account.Id.ToString()) is { } now
                    ? await signIn.PasswordSignInAsync(
                        now, password ?? "", remember is not null, lockoutOnFailure: true)
                    : result);
        else
            // As long as with an account, so that time does not tell whether there is one.
            users.PasswordHasher.HashPassword(new Account { Username = "nobody" }, "a password that nobody has");
        if (result.Succeeded)
            return Results.LocalRedirect(LocalPath.Of(path) ?? Routes.Home);
        return new PageResult(new SignInView
        {
            Title = "Sign in",
            Name = name,
            Return = LocalPath.Of(path),
            Errors = new Dictionary<string, string>
            {
                [""] = result.IsLockedOut
                    ? "Too many wrong passwords. Try again in five minutes."
                    : "This name and this password do not go together.",
            },
        });
    }
}
