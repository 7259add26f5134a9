using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Web;

/// <summary>Hearts with a script: the button and its count change in place.</summary>
[Collection(SiteCollection.Name)]
public sealed class HeartTests(SeededSite site)
{
    [Fact]
    public async Task AHeartIsPressedAndLetGoWithoutLeavingThePage()
    {
        await using var visit = await site.OpenAsync(asOwner: true);
        var page = visit.Page;
        await visit.GoAsync($"/pin/{site.SavedPin}");
        await page.EvaluateAsync("window.isTheSame = true");
        var heart = page.Locator(".pin-actions button.heart");
        await Assertions.Expect(heart).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("1\\s*$"));

        await heart.ClickAsync();
        await Assertions.Expect(heart).ToHaveAttributeAsync("aria-pressed", "true");
        await Assertions.Expect(heart.Locator("[data-heart-count]")).ToHaveTextAsync("2");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(heart).ToHaveAttributeAsync("aria-pressed", "false");
        await Assertions.Expect(heart.Locator("[data-heart-count]")).ToHaveTextAsync("1");
        (await page.EvaluateAsync<bool>("window.isTheSame === true")).ShouldBeTrue("it was not loaded again");
        (await page.EvaluateAsync<string[]>("window.shifts")).ShouldBeEmpty();
        visit.ShouldBeQuiet();
    }

    [Theory]
    [InlineData(1440)]
    [InlineData(390)]
    public async Task ACardHasOneInItsCornerAndOpensAsBefore(int width)
    {
        await using var visit = await site.OpenAsync(asOwner: true, new() { Width = width });
        var page = visit.Page;
        await visit.GoAsync("/finn");
        var heart = page.Locator($"#pin-{site.SavedPin} button.heart");
        await heart.ClickAsync();
        await Assertions.Expect(heart).ToHaveAttributeAsync("aria-pressed", "true");
        await visit.GoAsync("/users/mira/likes");
        await page.Locator($"#pin-{site.SavedPin} button.heart").ClickAsync();
        await Assertions.Expect(page.Locator($"#pin-{site.SavedPin} button.heart"))
            .ToHaveAttributeAsync("aria-pressed", "false");
        await page.ClickAsync($"#pin-{site.SavedPin} .pin-link");
        await page.WaitForURLAsync($"**/pin/{site.SavedPin}");
        visit.ShouldBeQuiet();
    }

    /// <summary>On touch a card always has something to press on; without a picture it makes room for it.</summary>
    [Theory]
    [InlineData(390)]
    [InlineData(320)]
    public async Task OnTouchNothingToPressCoversTheWordsOfALink(int width)
    {
        await using var visit = await site.OpenAsync(options: new() { Width = width });
        await AuthoringTests.SignUpAsync(visit, $"reader{width}");
        await visit.GoAsync("/mira/reading");
        (await visit.Page.Locator(".pin:has(button.heart) .pin-link > .tile").CountAsync()).ShouldBeGreaterThan(20);
        (await visit.Page.EvaluateAsync<string[]>(
            """
            [...document.querySelectorAll('.pin')].slice(0, 20).flatMap(pin => {
              pin.scrollIntoView();
              const pressed = [...pin.querySelectorAll('.pin-save, button.heart')].map(p => p.getBoundingClientRect());
              return [...pin.querySelectorAll('.tile-host, .tile-title, .tile-words')].filter(words => {
                const range = document.createRange();
                range.selectNodeContents(words);
                const box = words.getBoundingClientRect();
                if (range.getBoundingClientRect().bottom > box.bottom + 4)
                  return true;
                const inset = 6;
                return pressed.some(p => p.left + inset < box.right && p.right > box.left && p.top < box.bottom
                  && p.bottom - inset > box.top);
              }).map(words => words.className + ': ' + words.textContent.trim());
            })
            """)).ShouldBeEmpty();
        (await visit.Page.EvaluateAsync<string[]>("window.shifts")).ShouldBeEmpty();
    }

    [Fact]
    public async Task WithoutAScriptAHeartLeadsBackToItsCard()
    {
        await using var visit = await site.OpenAsync(asOwner: true, new() { HasScript = false });
        await visit.GoAsync("/finn");
        await visit.Page.Locator($"#pin-{site.SavedPin} button.heart").ClickAsync(new() { Force = true });
        await visit.Page.WaitForURLAsync($"**/finn#pin-{site.SavedPin}");
        await Assertions.Expect(visit.Page.Locator($"#pin-{site.SavedPin} button.heart"))
            .ToHaveAttributeAsync("aria-pressed", "true");
        await visit.Page.Locator($"#pin-{site.SavedPin} button.heart").ClickAsync(new() { Force = true });
        await Assertions.Expect(visit.Page.Locator($"#pin-{site.SavedPin} button.heart"))
            .ToHaveAttributeAsync("aria-pressed", "false");
    }
}
