using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Budgets;
using Pinfold.Pinboard.Users;
using Pinfold.Pinboard.Web.Forms;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Pages.Settings;

/// <summary>How a person is shown, and their password.</summary>
static class SettingsEndpoint
{
    public static void MapSettings(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Settings, SettingsAsync).RequireAuthorization();
        routes.MapPost(Routes.Settings, SaveSettingsAsync).RequireAuthorization()
            .RequireRateLimiting(RateLimits.Writes);
        routes.MapPost(Routes.Password, ChangePasswordAsync).RequireAuthorization()
            .RequireRateLimiting(RateLimits.SignIns);
    }

    static async Task<IResult> SettingsAsync(
        Caller caller, UserManager<Account> users, UserService people, PersonalBudgets budgets, HttpContext http,
        CancellationToken cancellation)
    {
        var view = await SettingsViewAsync(caller, users, people, budgets, cancellation);
        return new PageResult(view with { Notice = Notices.Take(http) });
    }

    static async Task<IResult> SaveSettingsAsync(
        [FromForm] string? displayName, [FromForm] string? about, Caller caller, UserManager<Account> users,
        UserService people, PersonalBudgets budgets, HttpContext http, CancellationToken cancellation)
    {
        var errors = new Dictionary<string, string>();
        FormErrors.Check(errors, "displayName", () => UserService.CheckedName(displayName));
        FormErrors.Check(errors, "about", () => UserService.CheckedAbout(about));
        if (errors.Count > 0)
        {
            var view = await SettingsViewAsync(caller, users, people, budgets, cancellation);
            return new PageResult(view with { DisplayName = displayName, About = about, Errors = errors });
        }
        await people.UpdateProfileAsync(caller.UserId, displayName, about, cancellation);
        Notices.Say(http, "Saved.");
        return Results.LocalRedirect(Routes.Settings);
    }

    static async Task<IResult> ChangePasswordAsync(
        [FromForm] string? current, [FromForm] string? password, Caller caller, UserManager<Account> users,
        UserService people, PersonalBudgets budgets, Passwords passwords, SessionCookies cookies, HttpContext http,
        CancellationToken cancellation)
    {
        var (result, session) = await passwords.ChangeAsync(
            http.Features.GetRequiredFeature<SignedIn>(), current, password, cookies.ClientOf(http), cancellation);
        if (session is null)
        {
            var view = await SettingsViewAsync(caller, users, people, budgets, cancellation);
            return new PageResult(
                view with
                {
                    Errors = result.Errors.GroupBy(FormErrors.FieldOf)
                    .ToDictionary(g => g.Key, g => g.First().Description)
                });
        }
        cookies.Set(http, session);
        Notices.Say(http, "The password is changed. Every other device is signed out.");
        return Results.LocalRedirect(Routes.Settings);
    }

    static async Task<SettingsView> SettingsViewAsync(
        Caller caller, UserManager<Account> users, UserService people, PersonalBudgets budgets,
        CancellationToken cancellation)
    {
        var account = await users.FindByIdAsync(caller.UserId.ToString())
            ?? throw new PinfoldException(ErrorKind.NotFound, "There is no such account any more.");
        var person = await people.GetAsync(account.Username, cancellation);
        var (budget, _, usage) = await budgets.ReadAsync(caller.UserId, cancellation);
        return new SettingsView
        {
            Title = "Settings",
            SignedIn = caller.Person,
            Username = account.Username,
            Email = account.Email ?? "",
            DisplayName = person.Body.DisplayName,
            About = person.Body.About,
            Budget = budget,
            Usage = usage,
            IsAdministrator = account.IsAdministrator,
        };
    }
}
