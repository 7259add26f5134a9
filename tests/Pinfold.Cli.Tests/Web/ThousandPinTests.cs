using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Web;

/// <summary>A profile of a thousand pins, scrolled through, tabbed through, left and come back to.</summary>
[Collection(SiteCollection.Name)]
public sealed class ThousandPinTests(SeededSite site)
{
    /// <summary>
    /// How the columns lie: overlaps, pins that lie above one before them, and the widest gap in a column.
    /// </summary>
    const string Layout =
        """
        (() => {
          const boxes = [...document.querySelectorAll(".feed > .pin")].map((pin) => pin.getBoundingClientRect());
          const columns = Map.groupBy(boxes, (box) => Math.round(box.left));
          const pairs = [...columns.values()].flatMap((column) =>
            column.slice(1).map((box, i) => box.top - column[i].bottom));
          const back = boxes.slice(1).filter((box, i) => box.top < boxes[i].top - 1).length;
          return [pairs.filter((gap) => gap < -1).length, back, Math.max(...pairs), columns.size];
        })()
        """;

    [Fact]
    public async Task NothingMovesWhileAThousandPinsAreScrolledThrough()
    {
        await using var visit = await site.OpenAsync();
        await visit.GoAsync("/mira");

        await visit.ScrollToPinsAsync(1000);

        var layout = await visit.Page.EvaluateAsync<double[]>(Layout);
        layout[0].ShouldBe(0, "pins that overlap");
        layout[1].ShouldBe(0, "pins that lie above an earlier one");
        layout[2].ShouldBeLessThan(60, "the widest gap in a column");
        layout[3].ShouldBeGreaterThan(3);
        await visit.ShouldHaveNoShiftAsync();
        visit.ShouldBeQuiet();
        (await visit.Page.Locator(".feed > .pin").EvaluateAllAsync<int>("pins => new Set(pins.map(p => p.id)).size"))
            .ShouldBe(await visit.Pins.CountAsync(), "no pin twice");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NothingMovesWhileAPageArrivesSlowly(bool asOwner)
    {
        await using var line = new SlowLine(site.Root);
        await using var visit = await site.OpenAsync(asOwner);
        foreach (var path in (string[])["/", "/mira", "/mira/hills", $"/pin/{site.PublicPin}"])
        {
            await visit.GoAsync(line.Address + path);
            await visit.ShouldHaveNoShiftAsync();
        }
    }

    [Fact]
    public async Task TabGoesThroughThePinsInTheirOrder()
    {
        await using var visit = await site.OpenAsync(asOwner: true);
        await visit.GoAsync("/mira");
        var expected =
            await visit.Pins.EvaluateAllAsync<string[]>(
                "pins => pins.flatMap(p => [p.id, p.id + ' save']).slice(0, 60)");
        await visit.Page.EvaluateAsync("document.querySelector('.feed .pin-link').focus({ preventScroll: true })");

        var visited = new List<string>();
        for (var i = 0; i < expected.Length; i++)
        {
            visited.Add(await visit.Page.EvaluateAsync<string>(
                "(e => e.closest('.pin')?.id + (e.classList.contains('pin-save') ? ' save' : " +
                    "''))(document.activeElement)"));
            await visit.Page.Keyboard.PressAsync("Tab");
        }

        visited.ShouldBe(expected);
        await visit.ShouldHaveNoShiftAsync();
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task BackReturnsToTheSamePlace(bool fromTheBrowsersOwnCache, bool asOwner)
    {
        await using var visit = await site.OpenAsync(asOwner);
        if (!fromTheBrowsersOwnCache)
            await visit.Page.AddInitScriptAsync("addEventListener('unload', () => {})");
        await visit.GoAsync("/mira");
        await visit.ScrollToPinsAsync(250);
        var pin = visit.Page.Locator(".feed > .pin .pin-link").Nth(220);
        await pin.ScrollIntoViewIfNeededAsync();
        await pin.FocusAsync();
        var (id, top) = (await visit.FocusedPinAsync(), await TopAsync(visit));
        var count = await visit.Pins.CountAsync();

        await pin.ClickAsync();
        await visit.Page.WaitForURLAsync("**/pin/*");
        await visit.Page.Locator(".pin-page").WaitForAsync();
        await visit.Page.GoBackAsync();
        await visit.UntilAsync("top => Math.abs(scrollY - top) < 2", top);

        (await visit.Pins.CountAsync()).ShouldBeGreaterThanOrEqualTo(count);
        (await visit.FocusedPinAsync()).ShouldBe(id);
        visit.ShouldBeQuiet();
    }

    [Fact]
    public async Task KeysStepThroughPinsSaveFindAndExplain()
    {
        await using var visit = await site.OpenAsync(asOwner: true);
        await visit.GoAsync("/mira");
        var page = visit.Page;
        await page.EvaluateAsync("document.body.focus()");

        for (var i = 0; i < 55; i++)
        {
            await page.Keyboard.PressAsync("j");
            await visit.UntilAsync("document.activeElement.closest('.pin') !== null");
        }
        (await visit.Pins.CountAsync()).ShouldBeGreaterThan(50, "stepping on loads the next page");
        var here = await visit.FocusedPinAsync();
        await page.Keyboard.PressAsync("k");
        var before = await visit.FocusedPinAsync();
        (await visit.Pins.EvaluateAllAsync<string[]>("pins => pins.map(p => p.id)")).AsSpan()
            .IndexOf(here)
                .ShouldBe(
                    Array.IndexOf(
                        await visit.Pins.EvaluateAllAsync<string[]>("pins => pins.map(p => p.id)"), before) + 1);

        await page.Keyboard.PressAsync("s");
        await page.Locator("#sheet[open] #sheet-title").WaitForAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.Locator("#sheet[open]")
            .WaitForAsync(new() { State = Microsoft.Playwright.WaitForSelectorState.Hidden });
        (await visit.FocusedPinAsync()).ShouldBe(before, "focus returns to the pin that it was opened for");

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("j?s");
        (await page.InputValueAsync("#find")).ShouldBe("j?s", "where one types, keys are letters");
        (await page.Locator("#keys[open]").CountAsync()).ShouldBe(0);
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("?");
        await page.Locator("#keys[open]").WaitForAsync();
        visit.ShouldBeQuiet();
    }

    [Fact]
    public async Task WithoutScriptsTheNextLinkLeadsOnToTheEnd()
    {
        await using var visit = await site.OpenAsync(options: new() { HasScript = false });
        await visit.GoAsync("/mira");
        var seen = new HashSet<string>();
        var pages = 1;
        for (; ; pages++)
        {
            foreach (var id in await visit.Pins.EvaluateAllAsync<string[]>("pins => pins.map(p => p.id)"))
                seen.Add(id).ShouldBeTrue($"{id} is on two pages");
            if (pages == 3 || await visit.Page.Locator("a[rel=next]").CountAsync() == 0)
                break;
            var here = visit.Page.Url;
            await visit.Page.ClickAsync("a[rel=next]");
            await visit.Page.WaitForURLAsync(url => url != here, new() { WaitUntil = WaitUntilState.DOMContentLoaded });
        }
        seen.Count.ShouldBe(150);
        visit.ShouldBeQuiet();
    }

    static Task<double> TopAsync(Visit visit) => visit.Page.EvaluateAsync<double>("scrollY");
}
