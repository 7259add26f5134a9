using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Audit;
using Pinfold.Pinboard.Budgets;
using Pinfold.Pinboard.People;
using Pinfold.Pinboard.Web.Forms;
using Pinfold.Pinboard.Web.Logs;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Pinboard.Web.Styles;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Pages.ShowPerson;

/// <summary>One person: what they may, and what was done with their account.</summary>
static class ShowPersonEndpoint
{
    public static void MapShowPerson(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/admin/people/{name}", ShowAsync).ForAdministrators();
        routes.MapPost("/admin/people/{name}/{verb:regex(^(disable|enable|make-administrator|remove-administrator)$)}",
            ChangeAsync).ForAdministrators().RequireRateLimiting(RateLimits.Writes);
        routes.MapPost("/admin/people/{name}/budget", ChangeBudgetAsync).ForAdministrators()
            .RequireRateLimiting(RateLimits.Writes);
    }

    static async Task<IResult> ShowAsync(
        string name, string? cursor, Caller caller, PeopleReader people, PersonalBudgets budgets, AuditLog audit,
        HttpContext http, CancellationToken cancellation)
    {
        var found = await FindAsync(people, name, cancellation);
        var view = await ViewAsync(found, cursor, caller, budgets, audit, cancellation);
        return new PageResult(view with { Notice = Notices.Take(http) });
    }

    static async Task<ShowPersonView> ViewAsync(
        ListedPerson found, string? cursor, Caller caller, PersonalBudgets budgets, AuditLog audit,
        CancellationToken cancellation)
    {
        var (budget, isTheirOwn, usage) = await budgets.ReadAsync(found.Id, cancellation);
        return new ShowPersonView
        {
            Title = found.DisplayName,
            SignedIn = caller.Person,
            Person = new Person(found.Username, found.DisplayName),
            Email = found.Email,
            IsAdministrator = found.IsAdministrator,
            DisabledAt = found.DisabledAt,
            JoinedAt = found.JoinedAt,
            SeenAt = found.SeenAt,
            IsSelf = found.Id == caller.UserId,
            Usage = usage,
            Bytes = ByteSize.Of(budget.BytesMax),
            Pins = budget.PinsMax.ToString(CultureInfo.InvariantCulture),
            Fetches = budget.FetchesPerMinute.ToString(CultureInfo.InvariantCulture),
            IsBudgetTheirOwn = isTheirOwn,
            Log = await LogView.ReadAsync(
                audit, found.Id, cursor, Routes.Person(found.Username), isForAdministrators: true, cancellation),
        };
    }

    static async Task<IResult> ChangeBudgetAsync(
        string name, [FromForm] string? bytes, [FromForm] string? pins, [FromForm] string? fetches,
        [FromForm] string? usual, Caller caller, PeopleReader people, PersonalBudgets budgets, AuditLog audit,
        HttpContext http, CancellationToken cancellation)
    {
        var found = await FindAsync(people, name, cancellation);
        var errors = new Dictionary<string, string>();
        Budget? changed = null;
        if (usual is null)
        {
            var (now, _, _) = await budgets.ReadAsync(found.Id, cancellation);
            changed = new Budget(
                FormErrors.Check(errors, "bytes", () => BudgetText.Bytes(bytes, now.BytesMax)),
                FormErrors.Check(errors, "pins", () => BudgetText.Number(pins, now.PinsMax, "pins")),
                FormErrors.Check(errors, "fetches",
                    () => BudgetText.Number(fetches, now.FetchesPerMinute, "fetches a minute")));
            if (errors.Count == 0)
                FormErrors.Check(errors, "", () => changed.Checked());
        }
        if (errors.Count > 0)
            return new PageResult(await ViewAsync(found, null, caller, budgets, audit, cancellation) with
            {
                Bytes = bytes ?? "",
                Pins = pins ?? "",
                Fetches = fetches ?? "",
                Errors = errors,
            });
        await budgets.SetAsync(found.Id, changed, cancellation);
        Notices.Say(http, changed is null
            ? $"@{found.Username} may keep what everybody may."
            : $"@{found.Username} may keep {ByteSize.Of(changed.BytesMax)} and {Count.Of(changed.PinsMax, "pin")}.");
        return Results.LocalRedirect(Routes.Person(found.Username));
    }

    static async Task<IResult> ChangeAsync(
        string name, string verb, [FromForm] string? _, PeopleReader reader, PeopleService people, HttpContext http,
        CancellationToken cancellation)
    {
        var found = await FindAsync(reader, name, cancellation);
        switch (verb)
        {
            case "disable" or "enable":
                await people.SetDisabledAsync(found.Id, verb == "disable", cancellation);
                break;
            default:
                await people.SetAdministratorAsync(found.Id, verb == "make-administrator", cancellation);
                break;
        }
        Notices.Say(http, verb switch
        {
            "disable" => $"@{found.Username} is signed out everywhere and cannot sign in.",
            "enable" => $"@{found.Username} can sign in again.",
            "make-administrator" => $"@{found.Username} is an administrator.",
            _ => $"@{found.Username} is no administrator any more.",
        });
        return Results.LocalRedirect(Routes.Person(found.Username));
    }

    static async Task<ListedPerson> FindAsync(PeopleReader people, string name, CancellationToken cancellation) =>
        await people.FindAsync(name, cancellation)
            ?? throw new PinfoldException(ErrorKind.NotFound, $"There is no user \"{Text.OneLine(name)}\".");
}
