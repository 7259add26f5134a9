using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Fetching;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Pictures;
using Pinfold.Pinboard.Web.Cards;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Pages.CreatePin;

/// <summary>Looks at an address before it is pinned.</summary>
static class LinkPreviewEndpoint
{
    const int PreviewWidth = 474;
    static readonly TimeSpan PreviewTime = TimeSpan.FromMinutes(10);

    public static void MapLinkPreview(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.NewPinPreview, PreviewAsync).RequireAuthorization()
            .RequireRateLimiting(RateLimits.Fetches);
        routes.MapGet("/new/preview/picture", PreviewPicture).RequireAuthorization();
    }

    static async Task<IResult> PreviewAsync(
        string? url, UrlFetcher fetcher, ImageFiles files, ImageRenderer renderer, PictureMaker maker,
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
                using var image = await fetcher.FetchImageAsync(source.AbsoluteUri, files, cancellation);
                await maker.KeepAsync(
                    image, await renderer.RenderAsync(image.Path, cancellation), cancellation);
                picture =
                    $"/new/preview/picture?of={Protector(protection).Protect(image.Image.Hash.ToString(), PreviewTime)}";
            }
            catch (PinfoldException e) when (e.Kind is not ErrorKind.Unavailable)
            {
                // The page is worth showing without its picture.
            }
        }
        return Results.Json(
            new LinkPreview(
                CardMaker.HostOf(page.Url.AbsoluteUri) ?? "", page.Preview.Title, page.Preview.Description, picture),
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
}

/// <summary>The JSON of /new/preview?url=. The picture's address is one of ours: the CSP allows no other.</summary>
sealed record LinkPreview(string Host, string? Title, string? Description, string? PictureUrl);

/// <summary>What a script of the page reads.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LinkPreview))]
sealed partial class LinkPreviewJson : JsonSerializerContext;
