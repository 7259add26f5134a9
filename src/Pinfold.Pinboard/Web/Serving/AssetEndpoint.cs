using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Pinfold.Pinboard.Web.Serving;

internal static class AssetEndpoint
{
    public static void MapAssets(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/assets/{hash}/{**path}", [HttpMethods.Get, HttpMethods.Head], Send)
            .WithMetadata(ForEverybody.Mark);
        routes.MapGet("/favicon.ico", (Assets assets) => Results.Redirect(assets.Url("mark.svg")))
            .WithMetadata(ForEverybody.Mark);
    }

    private static async Task Send(string hash, string path, Assets assets, HttpContext http)
    {
        var response = http.Response;
        var asset = assets.Find(path);
        if (asset is null)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        // A page of another version may still ask while servers are replaced: it gets this version's file, not kept.
        response.Headers.CacheControl = hash == assets.Hash ? "public, max-age=31536000, immutable" : "no-store";
        response.Headers.Vary = "Accept-Encoding";
        response.ContentType = asset.ContentType;
        var body = asset.Body;
        if (asset.Compressed is not null && Accepts(http.Request, "br"))
        {
            response.Headers.ContentEncoding = "br";
            body = asset.Compressed;
        }
        response.ContentLength = body.Length;
        if (HttpMethods.IsGet(http.Request.Method)) await response.Body.WriteAsync(body, http.RequestAborted);
    }

    private static bool Accepts(HttpRequest request, string coding) =>
        request.GetTypedHeaders().AcceptEncoding.Any(accepted => accepted.Value == coding && accepted.Quality != 0);
}
