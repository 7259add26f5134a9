using System.Net;
using System.Xml.Linq;
using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>What search engines are told: where to look, and that the front page may be shown.</summary>
public sealed class CrawlerTests(ServedPlace served) : IClassFixture<ServedPlace>
{
    static readonly XNamespace Sitemaps = "http://www.sitemaps.org/schemas/sitemap/0.9";

    [Fact]
    public async Task TheSiteMapNamesWhatEverybodyMaySeeAndNothingElse()
    {
        using var unni = await Browser.SignedUpAsync(served.Address, "unni");
        var (path, board) = await unni.MakeBoardAsync("Open water");
        await unni.PinAsync(board, TestPng.Solid(60, 40, 1, 2, 3), "Shown");
        var (hiddenPath, hidden) = await unni.MakeBoardAsync("Hidden water", isSecret: true);
        await unni.PinAsync(hidden, TestPng.Solid(60, 40, 3, 2, 1), "Hidden");

        using var anybody = new Browser(served.Address);
        var robots = (await anybody.GetAsync("/robots.txt")).ShouldBe(HttpStatusCode.OK, "Disallow: /settings$");
        var index = robots.Text.Split('\n').Single(line => line.StartsWith("Sitemap: ", StringComparison.Ordinal))[9..];
        index.ShouldBe($"{served.Address}sitemap.xml");
        var places = new List<string>();
        foreach (var part in await LocationsAsync(anybody, index))
            places.AddRange(await LocationsAsync(anybody, part));
        places.ShouldContain($"{served.Address}");
        places.ShouldContain($"{served.Address}unni");
        places.ShouldContain($"{served.Address}{path[1..]}");
        places.ShouldNotContain($"{served.Address}{hiddenPath[1..]}");
        foreach (var place in places)
            (await anybody.GetAsync(new Uri(place).AbsolutePath)).ShouldBe(HttpStatusCode.OK)
                .Text.ShouldNotContain("content=\"noindex\"");
        (await anybody.GetAsync("/sitemaps/0.xml")).ShouldBe(HttpStatusCode.NotFound);
        (await anybody.GetAsync("/sitemaps/99999.xml")).ShouldBe(HttpStatusCode.NotFound);
    }

    static async Task<IReadOnlyList<string>> LocationsAsync(Browser browser, string address)
    {
        var answer = (await browser.GetAsync(new Uri(address).AbsolutePath)).ShouldBe(HttpStatusCode.OK);
        answer.Headers["Content-Type"].ShouldBe("application/xml");
        return [.. XDocument.Parse(answer.Text).Descendants(Sitemaps + "loc").Select(loc => loc.Value)];
    }
}
