using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Import;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Pages.ImportRun;

/// <summary>What becomes of the rows of an import; stops it, and has it go on.</summary>
static class ImportRunEndpoint
{
    public static void MapImportRun(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/import/{id}", ShowAsync).RequireAuthorization();
        routes.MapPost("/import/{id}/stop", StopAsync).RequireAuthorization().RequireRateLimiting(RateLimits.Writes);
        routes.MapPost("/import/{id}/go-on", GoOnAsync).RequireAuthorization().RequireRateLimiting(RateLimits.Writes);
    }

    static async Task<IResult> ShowAsync(
        string id, Caller caller, ImportService imports, CancellationToken cancellation)
    {
        var job = (await imports.GetAsync(caller.Viewer, RouteId.Import(id), cancellation)).Body;
        return new PageResult(new ImportRunView
        {
            Title = $"Import of {job.FileName}",
            SignedIn = caller.Person,
            Id = id,
            FileName = job.FileName,
            Stage = job.State switch
            {
                ImportState.Waiting => ImportStage.Waiting,
                ImportState.Running => ImportStage.Running,
                ImportState.Done => ImportStage.Finished,
                ImportState.Stopped => ImportStage.Paused,
                _ => ImportStage.Stopped,
            },
            RowCount = job.State is ImportState.Done or ImportState.Failed ? job.Tally.Rows : null,
            Added = job.Tally.Added,
            Known = job.Tally.Present,
            Failed = job.Tally.Refused,
            Failure = job.Problem,
            Rows = [.. job.Tally.Problems.Select(p => new RowResult(
                p.Position, p.What, null, p.IsRefused ? ImportOutcome.Failed : ImportOutcome.Noted, null, p.Why))],
            ResultHref = Routes.Profile(caller.Person!.Username),
        });
    }

    static async Task<IResult> StopAsync(
        string id, [FromForm] string? _, Caller caller, ImportService imports, CancellationToken cancellation)
    {
        await imports.StopAsync(caller.Viewer, RouteId.Import(id), cancellation);
        return Results.LocalRedirect(Routes.ImportRun(id));
    }

    static async Task<IResult> GoOnAsync(
        string id, [FromForm] string? _, Caller caller, ImportService imports, CancellationToken cancellation)
    {
        await imports.GoOnAsync(caller.Viewer, RouteId.Import(id), cancellation);
        return Results.LocalRedirect(Routes.ImportRun(id));
    }
}
