using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Users;
using Pinfold.Pinboard.Web.Models;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Endpoints;

/// <summary>Signing up, in and out, and a person's settings.</summary>
static class AccountEndpoints
{
    const int PasswordLengthMax = 128;

    public static void MapAccounts(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.SignUp, (Visitor visitor) => visitor.Shown is null
            ? new PageResult(new SignUpView { Title = "Sign up" })
            : Results.LocalRedirect(Routes.Home));
        routes.MapPost(Routes.SignUp, SignUpAsync).RequireRateLimiting(Limits.SignIns);
        routes.MapGet(Routes.SignIn, (Visitor visitor, string? returnUrl) => visitor.Shown is null
            ? new PageResult(new SignInView { Title = "Sign in", Return = LocalPath.Of(returnUrl) })
            : Results.LocalRedirect(LocalPath.Of(returnUrl) ?? Routes.Home));
        routes.MapPost(Routes.SignIn, SignInAsync).RequireRateLimiting(Limits.SignIns);
        routes.MapPost(Routes.SignOut, async ([FromForm] string? _, SignInManager<Account> signIn, HttpContext http) =>
        {
            await signIn.SignOutAsync();
            // "Back" must not bring a page of the one who left.
            http.Response.Headers["Clear-Site-Data"] = "\"cache\"";
            return Results.LocalRedirect(Routes.Home);
        });
        routes.MapGet(Routes.Settings, SettingsAsync).RequireAuthorization();
        routes.MapPost(Routes.Settings, SaveSettingsAsync).RequireAuthorization().RequireRateLimiting(Limits.Writes);
        routes.MapPost(Routes.Password, ChangePasswordAsync).RequireAuthorization().RequireRateLimiting(Limits.SignIns);
    }

    static async Task<IResult> SignUpAsync(
        [FromForm] string? username, [FromForm] string? email, [FromForm] string? password,
        UserManager<Account> users, SignInManager<Account> signIn, HttpContext http)
    {
        var errors = new Dictionary<string, string>();
        var name = Forms.Check(errors, "username", () => Usernames.Checked(username));
        var address = Forms.Check(errors, "email", () => Usernames.CheckedEmail(email));
        if ((password ?? "").Length > PasswordLengthMax)
            errors["password"] = $"A password has at most {PasswordLengthMax} characters.";
        if (errors.Count == 0)
        {
            var account = new Account { Username = name!, Email = address };
            var result = await users.CreateAsync(account, password ?? "");
            if (result.Succeeded)
            {
                await signIn.SignInAsync(account, isPersistent: true);
                Notices.Say(http, $"Welcome, {name}.");
                return Results.LocalRedirect(Routes.Home);
            }
            foreach (var error in result.Errors)
                errors[Forms.FieldOf(error)] = error.Description;
        }
        return new PageResult(
            new SignUpView { Title = "Sign up", Username = username, Email = email, Errors = errors });
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
        if (account is not null && (password ?? "").Length <= PasswordLengthMax)
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

    static async Task<IResult> SettingsAsync(
        Visitor visitor, UserManager<Account> users, UserService people, HttpContext http,
        CancellationToken cancellation)
    {
        var view = await SettingsViewAsync(visitor, users, people, cancellation);
        return new PageResult(view with { Notice = Notices.Take(http) });
    }

    static async Task<IResult> SaveSettingsAsync(
        [FromForm] string? displayName, [FromForm] string? about, Visitor visitor, UserManager<Account> users,
            SignInManager<Account> signIn,
        UserService people, HttpContext http, CancellationToken cancellation)
    {
        try
        {
            await people.UpdateProfileAsync(visitor.UserId, displayName, about, cancellation);
        }
        catch (PinfoldException e) when (Forms.IsOfInput(e))
        {
            var view = await SettingsViewAsync(visitor, users, people, cancellation);
            return new PageResult(view with { DisplayName = displayName, About = about, Errors = Forms.Whole(e) });
        }
        if (await users.FindByIdAsync(visitor.UserId.ToString()) is { } account)
            await signIn.RefreshSignInAsync(account);
        Notices.Say(http, "Saved.");
        return Results.LocalRedirect(Routes.Settings);
    }

    static async Task<IResult> ChangePasswordAsync(
        [FromForm] string? current, [FromForm] string? password, Visitor visitor, UserManager<Account> users,
            SignInManager<Account> signIn,
        UserService people, HttpContext http, CancellationToken cancellation)
    {
        var account = await users.FindByIdAsync(visitor.UserId.ToString())
            ?? throw new PinfoldException(ErrorKind.NotFound, "There is no such account any more.");
        var result = (password ?? "").Length > PasswordLengthMax
            ? IdentityResult.Failed(
                new IdentityError { Code = "PasswordTooLong",
                    Description = $"A password has at most {PasswordLengthMax} characters." })
            : await users.ChangePasswordAsync(account, current ?? "", password ?? "");
        if (!result.Succeeded)
        {
            var view = await SettingsViewAsync(visitor, users, people, cancellation);
            return new PageResult(
                view with { Errors = result.Errors.GroupBy(Forms.FieldOf)
                    .ToDictionary(g => g.Key, g => g.First().Description) });
        }
        await signIn.RefreshSignInAsync(account);
        Notices.Say(http, "The password is changed. Other devices are signed out within half an hour.");
        return Results.LocalRedirect(Routes.Settings);
    }

    static async Task<SettingsView> SettingsViewAsync(
        Visitor visitor, UserManager<Account> users, UserService people, CancellationToken cancellation)
    {
        var account = await users.FindByIdAsync(visitor.UserId.ToString())
            ?? throw new PinfoldException(ErrorKind.NotFound, "There is no such account any more.");
        var person = await people.GetAsync(account.Username, cancellation);
        return new SettingsView
        {
            Title = "Settings",
            Viewer = visitor.Shown,
            Username = account.Username,
            Email = account.Email ?? "",
            DisplayName = person.Body.DisplayName,
            About = person.Body.About,
        };
    }
}
