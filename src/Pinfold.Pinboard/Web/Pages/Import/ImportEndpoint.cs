using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Budgets;
using Pinfold.Pinboard.Import;
using Pinfold.Pinboard.Web.Forms;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Pages.Import;

/// <summary>Takes in files to be imported.</summary>
static class ImportEndpoint
{
    const long BytesMax = 1L << 30;

    public static void MapImport(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Import, FormAsync).RequireAuthorization();
        routes.MapPost(Routes.Import, StartAsync).RequireAuthorization().RequireRateLimiting(RateLimits.Imports)
            .WithMetadata(new RequestSizeLimitAttribute(BytesMax));
    }

    static async Task<IResult> FormAsync(
        Caller caller, ImportService imports, HttpContext http, CancellationToken cancellation) =>
        new PageResult(await ViewAsync(caller, imports, cancellation) with { Notice = Notices.Take(http) });

    static async Task<IResult> StartAsync(
        Caller caller, ImportService imports, ReceivedFiles places, PersonalBudgets budgets, HttpContext http,
        CancellationToken cancellation)
    {
        string? place = null;
        try
        {
            var form = new StreamedForm(http, cancellation);
            place = places.NewName(caller.UserId);
            var upload = new ImportUpload(form, places.PathOf(place), http.Request.ContentLength,
                await budgets.FindRoomAsync(caller.UserId, cancellation));
            var name = await upload.StoreAsync(cancellation);
            var id = await imports.StartAsync(caller.UserId, name, place, cancellation);
            return Results.LocalRedirect(Routes.ImportRun(id.ToString()));
        }
        catch (Exception e) when (e is not PinfoldException { Kind: ErrorKind.OutcomeUnknown })
        {
            if (place is not null)
                places.Delete(place);
            if (e is not PinfoldException { Kind: ErrorKind.Invalid or ErrorKind.LimitExceeded })
                throw;
            return new EarlyAnswer(await RefusedAsync(caller, imports, e.Message, cancellation));
        }
    }

    static async Task<PageResult> RefusedAsync(
        Caller caller, ImportService imports, string why, CancellationToken cancellation) =>
        new(await ViewAsync(caller, imports, cancellation) with
        {
            Errors = new Dictionary<string, string> { ["file"] = why },
        });

    static async Task<ImportView> ViewAsync(Caller caller, ImportService imports, CancellationToken cancellation) =>
        new()
        {
            Title = "Import",
            SignedIn = caller.Person,
            BytesMax = BytesMax,
            FilesMax = ImportUpload.FilesMax,
            Earlier = [.. (await imports.ListAsync(caller.UserId, cancellation)).Select(j => new ImportLink(
            Routes.ImportRun(j.Id.ToString()), j.Body.FileName, j.Body.StartedAt, j.Body.Tally.Added,
            j.Body.IsUnderWay))],
        };
}
