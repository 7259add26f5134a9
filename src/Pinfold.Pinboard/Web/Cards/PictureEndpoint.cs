using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Images.Bare;
using Pinfold.Pinboard.Images.Headers;
using Pinfold.Pinboard.Pictures;
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

    /// <summary>The picture in full, as everybody who sees the pin may have it.</summary>
    public static string FullUrl(ObjectId<Pin> pin, string hash) => $"/images/{pin}/full/{hash[..HashCharacters]}";

    /// <summary>The file as it was received, for its owner alone.</summary>
    public static string OriginalUrl(ObjectId<Pin> pin, string hash) =>
        $"/images/{pin}/original/{hash[..HashCharacters]}";

    /// <summary>The icon of the page that a pin leads to.</summary>
    public static string IconUrl(ObjectId<Pin> pin, string hash) => $"/images/{pin}/icon/{hash[..HashCharacters]}.webp";

    public static void MapPictures(this IEndpointRouteBuilder routes)
    {
        string[] reading = [HttpMethods.Get, HttpMethods.Head];
        ForAll(routes.MapMethods("/images/{pin}/{width:int}/{file}", reading, SendAsync));
        ForAll(routes.MapMethods("/images/{pin}/moving/{file}", reading, SendMovingAsync));
        ForAll(routes.MapMethods("/images/{pin}/icon/{file}", reading, SendIconAsync));
        ForAll(routes.MapMethods("/images/{pin}/full/{file}", reading, SendFullAsync));
        ForAll(routes.MapMethods("/images/{pin}/original/{file}", reading, SendOriginalAsync));

        static void ForAll(RouteHandlerBuilder route) => route.WithMetadata(ForEverybody.Mark);
    }

    static async Task<IResult> SendAsync(
        string pin, int width, string file, PinService pins, ImageFiles files, WidestRenditions widest,
        Sessions sessions, HttpContext http, CancellationToken cancellation)
    {
        var (found, hash) = await FindAsync(pin, file, pins, sessions, http, cancellation);
        if (files.FindRendition(hash, width) is not { } rendition)
            throw NotThere.Pin();
        // What stands in for it is not to be kept.
        if (width == RenditionWidths.Widest && widest.IsMissing(found.Owner, found.Picture!, hash))
            http.Response.Headers.CacheControl = "private, no-cache";
        return Results.File(rendition.Path, rendition.ContentType);
    }

    static async Task<IResult> SendMovingAsync(
        string pin, string file, PinService pins, ImageFiles files, Sessions sessions, HttpContext http,
        CancellationToken cancellation)
    {
        var (_, hash) = await FindAsync(pin, file, pins, sessions, http, cancellation);
        return files.FindMoving(hash) is { } moving ? Results.File(moving.Path, moving.ContentType)
            : throw NotThere.Pin();
    }

    static async Task<IResult> SendIconAsync(
        string pin, string file, PinService pins, ImageFiles files, Sessions sessions, HttpContext http,
        CancellationToken cancellation)
    {
        var (_, hash) = await FindAsync(pin, file, pins, sessions, http, cancellation, found => found.Icon);
        return files.FindRendition(hash, RenditionWidths.All[0]) is { } icon ? Results.File(icon.Path, icon.ContentType)
            : throw NotThere.Pin();
    }

    static async Task<IResult> SendFullAsync(
        string pin, string file, PinService pins, ImageFiles files, Sessions sessions, HttpContext http,
        CancellationToken cancellation)
    {
        var (_, hash) = await FindAsync(pin, file, pins, sessions, http, cancellation);
        if (files.FindOriginal(hash) is not { } original)
            throw NotThere.Pin();
        var bare = BareImage.Of(original.Path, original.Format);
        http.Response.ContentLength = bare.Length;
        return Results.Stream(body => bare.WriteToAsync(body, cancellation), original.ContentType);
    }

    static async Task<IResult> SendOriginalAsync(
        string pin, string file, PinService pins, ImageFiles files, Sessions sessions, HttpContext http,
        CancellationToken cancellation)
    {
        await SessionHandler.FindAsync(http, sessions);
        var viewer = Caller.Of(http).Viewer;
        var (found, _) = await pins.GetAsync(viewer, RouteId.Pin(pin), cancellation);
        // For anybody else it is as if there were none.
        if (!viewer.Is(found.Body.Owner) || HashOf(PictureHash(found.Body), file) is not { } hash
            || files.FindOriginal(hash) is not { } original)
            throw NotThere.Pin();
        http.Response.Headers.CacheControl = "no-store";
        return Results.File(
            original.Path, original.ContentType,
            $"{(found.Body.Title.Length > 0 ? Text.Slug(found.Body.Title) : pin)}.{original.Format.FileExtension}");
    }

    /// <summary>
    /// A pin and which of its files is asked for, its picture unless said otherwise; the headers say who may keep it.
    /// </summary>
    static async Task<(Pin Pin, ContentHash Hash)> FindAsync(
        string pin, string file, PinService pins, Sessions sessions, HttpContext http, CancellationToken cancellation,
        Func<Pin, string?>? which = null)
    {
        var (found, isForEverybody) = await FindAsync(RouteId.Pin(pin), pins, sessions, http, cancellation);
        if (HashOf((which ?? PictureHash)(found), file) is not { } hash)
            throw NotThere.Pin();
        http.Response.Headers.CacheControl = isForEverybody ? "private, max-age=86400, immutable" : "no-store";
        return (found, hash);
    }

    static string? PictureHash(Pin pin) => pin.Picture?.Hash;

    static ContentHash? HashOf(string? kept, string file) =>
        kept is not null && file.StartsWith(kept[..HashCharacters], StringComparison.Ordinal)
            ? ContentHash.Parse(kept) : null;

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
