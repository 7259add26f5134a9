using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Budgets;
using Pinfold.Pinboard.Fetching;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Links;
using Pinfold.Pinboard.Pictures;
using Pinfold.Pinboard.Web.Cards;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;

namespace Pinfold.Pinboard.Web.Pages.CreatePin;

/// <summary>Looks at an address before it is pinned.</summary>
static class LinkPreviewEndpoint
{
    const int PreviewWidth = 474;
    /// <summary>
    /// Of every address that is refused or does not answer, whatever the reason: who asks could learn from it which
    /// names and machines there are in the network of this server.
    /// </summary>
    const string NotSeen = "That address could not be looked at. You can pin it all the same.";

    const string NotLookedAt = "Addresses are not looked at here. You can pin it all the same.";

    static readonly TimeSpan PreviewTime = TimeSpan.FromMinutes(10);

    public static void MapLinkPreview(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.NewPinPreview, PreviewAsync).RequireAuthorization()
            .RequireRateLimiting(RateLimits.Fetches);
        routes.MapGet($"{Routes.NewPinPreview}/picture", PreviewPicture).RequireAuthorization();
    }

    static async Task<IResult> PreviewAsync(
        string? url, Caller caller, UrlFetcher fetcher, PictureMaker maker, PinboardSettings settings,
        PersonalBudgets budgets, FetchPace pace, IDataProtectionProvider protection, HttpContext http,
        CancellationToken cancellation)
    {
        if (!settings.FetchFromWeb)
            throw new PinfoldException(ErrorKind.Invalid, NotLookedAt);
        var perMinute = (await budgets.FindAsync(caller.UserId, cancellation)).FetchesPerMinute;
        if (perMinute == 0)
            throw new PinfoldException(ErrorKind.Invalid, NotLookedAt);
        if (!pace.TryTake(caller.UserId, perMinute))
        {
            http.Response.Headers.RetryAfter = "60";
            return Results.StatusCode(StatusCodes.Status429TooManyRequests);
        }
        var page = await LookAtAsync(url ?? "", fetcher, cancellation);
        string? picture = null;
        if (page.Preview.Images.Count > 0)
        {
            try
            {
                using var found = await fetcher.FetchImageAsync(page, (body, token) =>
                    maker.TryOutAsync(caller.Viewer.User, body, FollowerPause.None, token), cancellation);
                await maker.KeepAsync(found.Incoming, found.Rendered, cancellation);
                picture = http.Request.PathBase + Routes.NewPinPreviewPicture(
                    Protector(protection).Protect(found.Incoming.Image.Hash.ToString(), PreviewTime));
            }
            catch (PinfoldException)
            {
                // The page is worth showing without its picture.
            }
        }
        return Results.Json(
            new LinkPreview(
                SiteName.HostOf(page.Url.AbsoluteUri) ?? "", page.Preview.Title, page.Preview.Description, picture),
            LinkPreviewJson.Default.LinkPreview);
    }

    static async Task<FetchedPage> LookAtAsync(string url, UrlFetcher fetcher, CancellationToken cancellation)
    {
        try
        {
            return await fetcher.FetchPageAsync(url, cancellation);
        }
        catch (PinfoldException e) when (e.Kind
            is ErrorKind.Forbidden or ErrorKind.NotFound or ErrorKind.Unavailable or ErrorKind.DeadlineExceeded)
        {
            throw new PinfoldException(ErrorKind.Invalid, NotSeen, e);
        }
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
