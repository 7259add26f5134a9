using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Fetching;
using Pinfold.Pinboard.Hosting;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Images.Headers;
using Pinfold.Pinboard.Pictures;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Web.Models;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Endpoints;

/// <summary>Making a pin from a picture or an address, and looking at an address before it is pinned.</summary>
static class NewPinPages
{
    const int FormBytes = 64 << 10;
    const int PreviewWidth = 474;
    static readonly TimeSpan PreviewTime = TimeSpan.FromMinutes(10);
    static readonly long BytesMax = ImageLimits.Default.FileBytesMax;

    public static void MapNewPins(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.NewPin, FormAsync).RequireAuthorization();
        routes.MapPost(Routes.NewPin, CreateAsync).RequireAuthorization().RequireRateLimiting(Limits.Writes)
            .WithMetadata(new RequestSizeLimitAttribute(BytesMax + FormBytes))
                .WithFormOptions(multipartBodyLengthLimit: BytesMax);
        routes.MapGet(Routes.NewPinPreview, PreviewAsync).RequireAuthorization().RequireRateLimiting(Limits.Fetches);
        routes.MapGet("/new/preview/picture", PreviewPicture).RequireAuthorization();
    }

    static async Task<IResult> FormAsync(
        string? board, string? url, Visitor visitor, BoardChoices choices, CancellationToken cancellation) =>
        new PageResult(await ViewAsync(visitor, choices, cancellation) with { BoardId = board, Url = url });

    static async Task<IResult> CreateAsync(
        IFormFile? file, [FromForm] string? url, [FromForm] string? title, [FromForm] string? description,
            [FromForm] string? board,
        [FromForm] string? newBoard, Visitor visitor, PinService pins, ImageFiles files, BoardChoices choices,
            HttpContext http,
        CancellationToken cancellation)
    {
        try
        {
            if (file is not { Length: > 0 } && string.IsNullOrWhiteSpace(url))
                throw new PinfoldException(ErrorKind.Invalid, "Choose a picture, or give an address.");
            // What was sent is checked before a board is made for it.
            var picture = file is { Length: > 0 } ? await ReceiveAsync(file, files, cancellation)
                : PinPicture.ToFetch(FetchUrl.Parse(url!).AbsoluteUri);
            var target = await choices.GetOrCreateAsync(visitor, board, newBoard, cancellation);
            var id = await pins.CreateAsync(visitor.UserId, new NewPin(target)
            {
                Title = title,
                Description = description,
                Link = url,
                Picture = picture,
            }, cancellation);
            Notices.Say(http, "Pinned.");
            return Results.LocalRedirect(Routes.Pin(id.ToString()));
        }
        catch (PinfoldException e) when (Forms.IsOfInput(e))
        {
            var view = await ViewAsync(visitor, choices, cancellation);
            return new PageResult(
                view with { Url = url, Name = title, Description = description, BoardId = board,
                    Errors = Forms.Whole(e) });
        }
    }

    static async Task<IResult> PreviewAsync(
        string? url, UrlFetcher fetcher, ImageFiles files, ImageRenderer renderer, PictureUses uses,
            PinboardSettings settings,
        IDataProtectionProvider protection, CancellationToken cancellation)
    {
        if (!settings.FetchFromWeb)
            throw new PinfoldException(
                ErrorKind.Invalid, "Addresses are not looked at here. You can pin it all the same.");
        var page = await fetcher.FetchPageAsync(url ?? "", cancellation);
        string? picture = null;
        if (page.Preview.Image is { } source)
        {
            try
            {
                var image = await fetcher.FetchImageAsync(source.AbsoluteUri, files, cancellation);
                await uses.MarkAsync(image.Hash.ToString(), cancellation);
                var made = await renderer.RenderAsync(files.FindOriginal(image.Hash)!.Path, cancellation);
                await files.StoreAsync(image.Hash, made.Renditions, cancellation);
                picture =
                    $"/new/preview/picture?of={Protector(protection).Protect(image.Hash.ToString(), PreviewTime)}";
            }
            catch (PinfoldException e) when (e.Kind is not ErrorKind.Unavailable)
            {
                // The page is worth showing without its picture.
            }
        }
        return Results.Json(
            new LinkPreview(
                Cards.HostOf(page.Url.AbsoluteUri) ?? "", page.Preview.Title, page.Preview.Description, picture),
            LinkPreviewJson.Default.LinkPreview);
    }

    static IResult PreviewPicture(string of, ImageFiles files, IDataProtectionProvider protection, HttpContext http)
    {
        try
        {
            var hash = ContentHash.Parse(Protector(protection).Unprotect(of));
            http.Response.Headers.CacheControl = "private, max-age=600";
            return files.FindRendition(hash, PreviewWidth) is { } file ? Results.File(file.Path, file.ContentType)
                : Results.NotFound();
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return Results.NotFound();
        }
    }

    static ITimeLimitedDataProtector Protector(IDataProtectionProvider protection) =>
        protection.CreateProtector("preview picture").ToTimeLimitedDataProtector();

    static async Task<PinPicture> ReceiveAsync(IFormFile file, ImageFiles files, CancellationToken cancellation)
    {
        await using var content = file.OpenReadStream();
        return (await files.ReceiveAsync(content, cancellation)).ToPinPicture();
    }

    static async Task<NewPinView> ViewAsync(Visitor visitor, BoardChoices choices, CancellationToken cancellation) =>
        new()
    {
        Title = "New pin",
        Viewer = visitor.Shown,
        Boards = await choices.ListAsync(visitor.UserId, withSections: false, cancellation),
        BytesMax = BytesMax,
    };
}

/// <summary>What a script of the page reads.</summary>
[System.Text.Json.Serialization.JsonSourceGenerationOptions(
    PropertyNamingPolicy = System.Text.Json.Serialization.JsonKnownNamingPolicy.CamelCase)]
[System.Text.Json.Serialization.JsonSerializable(typeof(LinkPreview))]
sealed partial class LinkPreviewJson : System.Text.Json.Serialization.JsonSerializerContext;
