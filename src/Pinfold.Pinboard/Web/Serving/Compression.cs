using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>
/// Pages are sent compressed, by Brotli or gzip, unless that could tell somebody on the line what is on them: see
/// docs/decisions/0061-what-is-compressed.md.
/// </summary>
static class Compression
{
    /// <summary>The session's cookie, over TLS and without.</summary>
    static readonly string[] SessionCookies = ["__Host-session", "session"];

    public static IServiceCollection AddCompression(this IServiceCollection services)
    {
        services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            compression.MimeTypes =
            [
                "text/html", "text/plain", "text/csv", "application/json", "application/problem+json",
                "application/xml",
            ];
            compression.Providers.Add<BrotliCompressionProvider>();
            compression.Providers.Add<GzipCompressionProvider>();
        });
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
        return services;
    }

    public static void UseCompression(this IApplicationBuilder app) =>
        app.UseWhen(http => IsSafe(http.Request), safe => safe.UseResponseCompression());

    /// <summary>
    /// To guess a secret by how well it compresses (BREACH), somebody has to have a browser that is signed in ask for
    /// pages again and again, with words of theirs in the address. They can do that from a page of theirs alone, and
    /// then the browser says so. One that says nothing is an old one.
    /// </summary>
    static bool IsSafe(HttpRequest request) =>
        !SessionCookies.Any(request.Cookies.ContainsKey)
        || request.Headers["Sec-Fetch-Site"] is ["same-origin" or "none"];
}
