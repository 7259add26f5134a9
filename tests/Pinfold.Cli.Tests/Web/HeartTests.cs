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
