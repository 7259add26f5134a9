using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Audit;
using Pinfold.Pinboard.Web.Logs;
using Pinfold.Pinboard.Web.Serving;

namespace Pinfold.Pinboard.Web.Pages.AccountActivity;

/// <summary>A person's own audit log.</summary>
static class AccountActivityEndpoint
{
    public static void MapAccountActivity(this IEndpointRouteBuilder routes) =>
        routes.MapGet(Routes.Activity, ShowAsync).RequireAuthorization();

    static async Task<IResult> ShowAsync(
        string? cursor, Caller caller, AuditLog audit, CancellationToken cancellation) =>
        new PageResult(new AccountActivityView
        {
            Title = "Activity",
            SignedIn = caller.Person,
            Log = await LogView.ReadAsync(
                audit, caller.UserId, cursor, Routes.Activity, isForAdministrators: false, cancellation),
        });
}
