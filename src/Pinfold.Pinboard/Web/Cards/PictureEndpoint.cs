using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Cards;

/// <summary>
/// The pictures of pins, by pin: so the one rule of visibility holds for the files too. The address carries a part of
/// the hash, and a browser may keep what it got for a day; a shared cache may not, since a board can turn secret.
/// </summary>
static class PictureEndpoint
{
    const int HashCharacters = 12;

    public static string Url(ObjectId<Pin> pin, string hash, int width) =>
        $"/images/{pin}/{width}/{hash[..HashCharacters]}.webp";

    /// <summary>Of a picture that moves.</summary>
    public static string MovingUrl(ObjectId<Pin> pin, string hash) =>
        $"/images/{pin}/moving/{hash[..HashCharacters]}.webp";

    public static void MapPictures(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/images/{pin}/{width:int}/{file}", [HttpMethods.Get, HttpMethods.Head], SendAsync);
        routes.MapMethods("/images/{pin}/moving/{file}", [HttpMethods.Get, HttpMethods.Head], SendMovingAsync);
    }

    static Task<IResult> SendAsync(
        string pin, int width, string file, Caller caller, PinService pins, ImageFiles files, HttpContext http,
            CancellationToken cancellation) =>
        SendFileAsync(pin, file, hash => files.FindRendition(hash, width), caller, pins, http, cancellation);

    static Task<IResult> SendMovingAsync(
        string pin, string file, Caller caller, PinService pins, ImageFiles files, HttpContext http,
            CancellationToken cancellation) =>
        SendFileAsync(pin, file, files.FindMoving, caller, pins, http, cancellation);

    static async Task<IResult> SendFileAsync(
        string pin, string file, Func<ContentHash, ImageFile?> find, Caller caller, PinService pins, HttpContext http,
            CancellationToken cancellation)
    {
        if (!ObjectId<Pin>.TryParse(pin, null, out var id))
            return Results.NotFound();
        var (found, _) = await pins.GetAsync(caller.Viewer, id, cancellation);
        if (found.Body.Picture?.Hash is not { } hash
            || !file.StartsWith(hash[..HashCharacters], StringComparison.Ordinal)
            || find(ContentHash.Parse(hash)) is not { } rendition)
            return Results.NotFound();
        http.Response.Headers.CacheControl = "private, max-age=86400, immutable";
        return Results.File(rendition.Path, rendition.ContentType);
    }
}
