using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Audit;
using Pinfold.Pinboard.People;
using Pinfold.Pinboard.Web.Logs;
using Pinfold.Pinboard.Web.Serving;
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
    }

    static async Task<IResult> ShowAsync(
        string name, string? cursor, Caller caller, PeopleReader people, AuditLog audit, HttpContext http,
        CancellationToken cancellation)
    {
        var found = await FindAsync(people, name, cancellation);
        return new PageResult(new ShowPersonView
        {
            Title = found.DisplayName,
            SignedIn = caller.Person,
            Notice = Notices.Take(http),
            Person = new Person(found.Username, found.DisplayName),
            Email = found.Email,
            IsAdministrator = found.IsAdministrator,
            DisabledAt = found.DisabledAt,
            JoinedAt = found.JoinedAt,
            SeenAt = found.SeenAt,
            IsSelf = found.Id == caller.UserId,
            Log = await LogView.ReadAsync(
                audit, found.Id, cursor, Routes.Person(found.Username), isForAdministrators: true, cancellation),
        });
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
