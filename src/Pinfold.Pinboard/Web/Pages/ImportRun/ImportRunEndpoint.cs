using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Budgets;
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
        routes.MapGet("/import/{id}/problems.csv", SaveProblemsAsync).RequireAuthorization();
        routes.MapPost("/import/{id}/stop", StopAsync).RequireAuthorization().RequireRateLimiting(RateLimits.Writes);
        routes.MapPost("/import/{id}/go-on", GoOnAsync).RequireAuthorization().RequireRateLimiting(RateLimits.Writes);
    }

    static async Task<IResult> ShowAsync(
        string id, Caller caller, ImportService imports, PersonalBudgets budgets, CancellationToken cancellation)
    {
        var job = (await imports.GetAsync(caller.Viewer, RouteId.Import(id), cancellation)).Body;
        var toFetch = await imports.CountAwaitedAsync(job, cancellation);
        var isReading = job.IsUnderWay || toFetch == 0;
        var left = isReading ? job.TimeLeft
            : TimeSpan.FromMinutes(
                (double)toFetch / (await budgets.FindAsync(job.Owner, cancellation)).FetchesPerMinute);
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
            Summary = ImportWords.Of(job.Tally),
            Part = isReading ? PartRead(job) : 1 - ((double)toFetch / job.Tally.Fetches),
            TimeLeft = left is { } time ? ImportWords.TimeLeft(time) : null,
            Read = job.Tally.Rows,
            Added = job.Tally.Added,
            Known = job.Tally.Present,
            Failed = job.Tally.Refused,
            ToFetch = toFetch,
            Fetches = job.Tally.Fetches,
            Failure = job.Problem,
            Rows = [.. job.Tally.Problems.Select(p =>
                new RowResult(p.Row > 0 ? p.Row : null, p.What, p.IsRefused, p.Why))],
            RowsLeftOut = job.Tally.ProblemsLeftOut,
            ResultHref = job.Tally.Added + job.Tally.Present > 0 ? Routes.Profile(caller.Person!.Username) : null,
        });
    }

    static double? PartRead(ImportJob job) => job.State is ImportState.Done ? 1
        : job.Total is > 0 and var total ? Math.Min(1, (double)job.Position / total) : null;

    /// <summary>What the page lists, to be kept or worked on.</summary>
    static async Task<IResult> SaveProblemsAsync(
        string id, Caller caller, ImportService imports, CancellationToken cancellation)
    {
        var tally = (await imports.GetAsync(caller.Viewer, ObjectId<ImportJob>.Parse(id), cancellation)).Body.Tally;
        return Results.Stream(async stream =>
        {
            await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            await writer.WriteAsync(ProblemTable.Head);
            foreach (var problem in tally.Problems)
                await writer.WriteAsync(ProblemTable.Line(problem));
            await writer.WriteAsync(ProblemTable.LeftOut(tally.ProblemsLeftOut));
        }, ProblemTable.ContentType, "import-problems.csv");
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
