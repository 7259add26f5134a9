using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Users;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Cards;

/// <summary>
/// The pictures of pins, by pin: so the one rule of visibility holds for the files too. The address carries a part of
/// the hash, and a browser may keep for a day what everybody may see; a shared cache may not, since a board can turn
/// secret. Only for what not everybody may see is the session read, and then nobody keeps it.
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
        routes.MapMethods("/images/{pin}/{width:int}/{file}", [HttpMethods.Get, HttpMethods.Head], SendAsync)
            .WithMetadata(ForEverybody.Mark);
        routes.MapMethods("/images/{pin}/moving/{file}", [HttpMethods.Get, HttpMethods.Head], SendMovingAsync)
            .WithMetadata(ForEverybody.Mark);
    }

    static Task<IResult> SendAsync(
        string pin, int width, string file, PinService pins, ImageFiles files, Sessions sessions, HttpContext http,
        CancellationToken cancellation) =>
        SendFileAsync(pin, file, hash => files.FindRendition(hash, width), pins, sessions, http, cancellation);

    static Task<IResult> SendMovingAsync(
        string pin, string file, PinService pins, ImageFiles files, Sessions sessions, HttpContext http,
        CancellationToken cancellation) =>
        SendFileAsync(pin, file, files.FindMoving, pins, sessions, http, cancellation);

    static async Task<IResult> SendFileAsync(
        string pin, string file, Func<ContentHash, ImageFile?> find, PinService pins, Sessions sessions,
        HttpContext http, CancellationToken cancellation)
    {
        var (found, isForEverybody) = await FindAsync(RouteId.Pin(pin), pins, sessions, http, cancellation);
        if (found.Picture?.Hash is not { } hash
            || !file.StartsWith(hash[..HashCharacters], StringComparison.Ordinal)
            || find(ContentHash.Parse(hash)) is not { } rendition)
            throw NotThere.Pin();
        http.Response.Headers.CacheControl = isForEverybody ? "private, max-age=86400, immutable" : "no-store";
        return Results.File(rendition.Path, rendition.ContentType);
    }

    static async Task<(Pin Pin, bool IsForEverybody)> FindAsync(
        ObjectId<Pin> id, PinService pins, Sessions sessions, HttpContext http, CancellationToken cancellation)
    {
        try
        {
            return ((await pins.GetAsync(Viewer.Anybody, id, cancellation)).Pin.Body, true);
        }
        catch (PinfoldException e) when (e.Kind == ErrorKind.NotFound)
        {
            await SessionHandler.FindAsync(http, sessions);
            return ((await pins.GetAsync(Caller.Of(http).Viewer, id, cancellation)).Pin.Body, false);
        }
    }
}
