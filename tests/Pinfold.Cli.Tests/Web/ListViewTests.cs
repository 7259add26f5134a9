using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Web;

/// <summary>Pins as a compact list, for those who keep thousands of links.</summary>
[Collection(SiteCollection.Name)]
public sealed class ListViewTests(SeededSite site)
{
    [Theory]
    [InlineData(true, 1440)]
    [InlineData(false, 390)]
    public async Task TheChoiceHoldsAtAllPlacesWithScriptsAndWithout(bool hasScript, int width)
    {
        await using var visit = await site.OpenAsync(options: new() { HasScript = hasScript, Width = width });
        var page = visit.Page;
        await visit.GoAsync("/mira/reading");
        (await page.Locator(".feed.list").CountAsync()).ShouldBe(0);
        await page.ClickAsync(".feed-view button[value=list]");
        await page.WaitForURLAsync("**/mira/reading");
        (await page.Locator(".feed.list > .pin.row").CountAsync()).ShouldBeGreaterThanOrEqualTo(50);
        await visit.GoAsync("/mira");
        (await page.Locator(".feed.list > .pin.row").CountAsync()).ShouldBeGreaterThanOrEqualTo(50);
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth"))
            .ShouldBeLessThanOrEqualTo(0);
        if (hasScript)
        {
            (await page.RunAxe()).Violations.Select(v => v.Id).ShouldBeEmpty();
            await visit.ScrollToPinsAsync(200);
            await visit.ShouldHaveNoShiftAsync();
        }
        await page.ClickAsync(".feed-view button[value=cards]");
        await Assertions.Expect(page.Locator(".feed.list")).ToHaveCountAsync(0);
        visit.ShouldBeQuiet();
    }

    [Fact]
    public async Task ABoardOfLinksIsShownByItsTitlesAndALinkByItsSite()
    {
        await using var visit = await site.OpenAsync();
        await visit.GoAsync("/mira");
        var cover = visit.Page.Locator(".board a[href='/mira/reading'] .cover.titled");
        (await cover.CountAsync()).ShouldBe(3);
        (await cover.First.InnerTextAsync()).ShouldContain("Something to read, part");
        await visit.GoAsync("/mira/reading");
        (await visit.Page.Locator(".tile-host").First.InnerTextAsync()).Trim().ShouldMatch(@"^site\d+\.example$");
    }
}
