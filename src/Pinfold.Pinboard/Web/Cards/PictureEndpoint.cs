using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Access;
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

    public static void MapPictures(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/images/{pin}/{width:int}/{file}", [HttpMethods.Get, HttpMethods.Head], SendAsync);

    static async Task<IResult> SendAsync(
        string pin, int width, string file, Caller caller, PinService pins, ImageFiles files, HttpContext http,
            CancellationToken cancellation)
    {
        var (found, _) = await pins.GetAsync(caller.Viewer, RouteId.Pin(pin), cancellation);
        if (found.Body.Picture?.Hash is not { } hash
            || !file.StartsWith(hash[..HashCharacters], StringComparison.Ordinal)
            || files.FindRendition(ContentHash.Parse(hash), width) is not { } rendition)
            throw NotThere.Pin();
        http.Response.Headers.CacheControl = "private, max-age=86400, immutable";
        return Results.File(rendition.Path, rendition.ContentType);
    }
}
