using System.Text;
using System.Xml;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.People;
using Pinfold.Pinboard.Web.Serving;

namespace Pinfold.Pinboard.Web.Crawlers;

/// <summary>
/// What search engines ask for: where not to look (RFC 9309), and which addresses everybody may see (sitemaps.org).
/// Read from the shards each time, so that a board that has just turned secret is not listed.
/// </summary>
static class CrawlerEndpoints
{
    const string Namespace = "http://www.sitemaps.org/schemas/sitemap/0.9";

    /// <summary>Of one file; the protocol allows ten times as many. Who comes after them is not listed.</summary>
    public const int AddressesMax = 5000;

    /// <summary>
    /// Pages that are somebody's own, or forms; and searching, which has no end. Each ends where it ends: somebody may
    /// be called "newton".
    /// </summary>
    static readonly string[] NotForCrawlers =
    [
        .. new[]
        {
            Routes.Settings, "/admin", Routes.Import, Routes.NewPin, "/boards", Routes.Search, Routes.SignIn,
            Routes.SignUp,
        }.SelectMany(page => new[] { $"{page}$", $"{page}?", $"{page}/" }),
        "/pin/*/save", "/pin/*/edit", "/pin/*/delete", "/*?cursor=", "/*&cursor=",
    ];

    public static void MapCrawlers(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Robots, Robots).WithMetadata(ForEverybody.Mark);
        routes.MapGet(Routes.Sitemap, Index).WithMetadata(ForEverybody.Mark);
        routes.MapGet("/sitemaps/{part:int}.xml", PartAsync).WithMetadata(ForEverybody.Mark)
            .RequireRateLimiting(RateLimits.Crawls);
    }

    static IResult Robots(HttpContext http) => Results.Text(
        $"""
        User-agent: *
        {string.Join('\n', NotForCrawlers.Select(path => $"Disallow: {http.Request.PathBase}{path}"))}

        Sitemap: {OwnLinks.To(http, Routes.Sitemap)}

        """, "text/plain", Encoding.UTF8);

    static IResult Index(PublicPlaces places, HttpContext http) => Xml("sitemapindex", "sitemap",
        Enumerable.Range(1, places.Parts).Select(part => OwnLinks.To(http, Routes.SitemapPart(part))));

    static async Task<IResult> PartAsync(
        int part, PublicPlaces places, HttpContext http, CancellationToken cancellation)
    {
        if (part < 1 || part > places.Parts)
            return Results.NotFound();
        var addresses = new List<string>();
        if (part == 1)
            addresses.Add(Routes.Home);
        await foreach (var place in places.ListAsync(part - 1, cancellation))
        {
            addresses.Add(Routes.Profile(place.Username));
            addresses.AddRange(place.Slugs.Select(slug => Routes.Board(place.Username, slug)));
            if (addresses.Count >= AddressesMax)
                break;
        }
        return Xml("urlset", "url", addresses.Take(AddressesMax).Select(path => OwnLinks.To(http, path)));
    }

    static IResult Xml(string root, string item, IEnumerable<string> addresses)
    {
        using var written = new MemoryStream();
        using (var xml = XmlWriter.Create(written, new XmlWriterSettings { Encoding = new UTF8Encoding(false) }))
        {
            xml.WriteStartElement(root, Namespace);
            foreach (var address in addresses)
            {
                xml.WriteStartElement(item, Namespace);
                xml.WriteElementString("loc", Namespace, address);
                xml.WriteEndElement();
            }
            xml.WriteEndElement();
        }
        return Results.Bytes(written.ToArray(), "application/xml");
    }
}
