using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Import;
using Pinfold.Pinboard.Import.Images;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Pages.Import;

/// <summary>Takes in files to be imported.</summary>
static class ImportEndpoint
{
    const long BytesMax = 1L << 30;
    const int FilesMax = 1000;

    public static void MapImport(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Import, FormAsync).RequireAuthorization();
        routes.MapPost(Routes.Import, StartAsync).RequireAuthorization().RequireRateLimiting(RateLimits.Imports)
            .WithMetadata(new RequestSizeLimitAttribute(BytesMax)).WithFormOptions(multipartBodyLengthLimit: BytesMax);
    }

    static async Task<IResult> FormAsync(
        Caller caller, ImportService imports, HttpContext http, CancellationToken cancellation) =>
        new PageResult(await ViewAsync(caller, imports, cancellation) with { Notice = Notices.Take(http) });

    static async Task<IResult> StartAsync(
        IFormFileCollection files, Caller caller, ImportService imports, ReceivedFiles places,
        CancellationToken cancellation)
    {
        var received = files.Where(f => f.Length > 0).ToList();
        if (received.Count is 0 or > FilesMax)
            return await RefusedAsync(caller, imports, received.Count > 0
                ? $"{FilesMax:N0} files at once are the most; put more into a zip."
                : files.Count == 0 ? "Choose a file first." : "It is empty; choose another file.", cancellation);
        string? place = null;
        try
        {
            place = places.NewName(caller.UserId);
            await StoreAsync(received, places.PathOf(place), cancellation);
            var name = received.Count == 1 ? received[0].FileName : $"{received.Count:N0} files";
            var id = await imports.StartAsync(caller.UserId, name, place, cancellation);
            return Results.LocalRedirect(Routes.ImportRun(id.ToString()));
        }
        catch (PinfoldException e) when (e.Kind == ErrorKind.LimitExceeded)
        {
            return await RefusedAsync(caller, imports, e.Message, cancellation);
        }
        catch (Exception e) when (place is not null && e is not PinfoldException { Kind: ErrorKind.OutcomeUnknown })
        {
            places.Delete(place);
            throw;
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
            FilesMax = FilesMax,
            Earlier = [.. (await imports.ListAsync(caller.UserId, cancellation)).Select(j => new ImportLink(
            Routes.ImportRun(j.Id.ToString()), j.Body.FileName, j.Body.StartedAt, j.Body.Tally.Added,
            j.Body.IsUnderWay))],
        };

    /// <summary>An export as it is; of pictures, and of several files, a folder.</summary>
    static async Task StoreAsync(List<IFormFile> received, string path, CancellationToken cancellation)
    {
        try
        {
            if (received.Count == 1 && !IsPicture(received[0]))
            {
                await StoreAsync(received[0], path, cancellation);
                return;
            }
            foreach (var file in received)
            {
                var target = ReceivedName.PathIn(path, file.FileName);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                await StoreAsync(file, target, cancellation);
            }
        }
        catch (IOException e)
        {
            throw new PinfoldException(
                ErrorKind.Unavailable,
                "The file could not be stored: the disk is full or refuses. Nothing was imported.", e);
        }
    }

    static async Task StoreAsync(IFormFile file, string path, CancellationToken cancellation)
    {
        await using var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        await file.CopyToAsync(target, cancellation);
        target.Flush(flushToDisk: true);
    }

    static bool IsPicture(IFormFile file) => ImagePath.IsCalledImage(file.FileName);
}
