using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Web;

/// <summary>Following with a script: the button and the counts change in place.</summary>
[Collection(SiteCollection.Name)]
public sealed class FollowingTests(SeededSite site)
{
    [Fact]
    public async Task AButtonFollowsAndUnfollowsWithoutLeavingThePage()
    {
        await using var visit = await site.OpenAsync(asOwner: true);
        var page = visit.Page;
        await visit.GoAsync($"/{SeededSite.Friend}");
        await page.EvaluateAsync("window.isTheSame = true");
        await Assertions.Expect(page.Locator(".follow button")).ToContainTextAsync("Unfollow");
        var followers = await page.Locator("#follow-counts a").First.InnerTextAsync();

        await page.ClickAsync(".follow button");
        await Assertions.Expect(page.Locator(".toast")).ToContainTextAsync("You do not follow Robin Fell any more.");
        await Assertions.Expect(page.Locator(".follow button")).Not.ToContainTextAsync("Unfollow");
        (await page.Locator("#follow-counts a").First.InnerTextAsync()).ShouldNotBe(followers);
        (await page.EvaluateAsync<bool>("document.activeElement.matches('.follow button')"))
            .ShouldBeTrue("whoever uses the keyboard goes on where they were");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".follow button")).ToContainTextAsync("Unfollow");
        (await page.Locator("#follow-counts a").First.InnerTextAsync()).ShouldBe(followers);

        (await page.EvaluateAsync<bool>("window.isTheSame === true")).ShouldBeTrue("it was not loaded again");
        visit.ShouldBeQuiet();
    }

    [Fact]
    public async Task ABoardIsLeftOutAndTakenBackInInPlace()
    {
        await using var visit = await site.OpenAsync(asOwner: true, new() { Width = 390 });
        await visit.GoAsync($"/{SeededSite.Friend}/rocks");
        await visit.Page.ClickAsync(".follow button");
        await Assertions.Expect(visit.Page.Locator(".follow")).ToContainTextAsync("without this board");
        await visit.Page.ClickAsync(".follow button");
        await Assertions.Expect(visit.Page.Locator(".follow")).ToContainTextAsync("and so this board");
        visit.ShouldBeQuiet();
    }

    [Fact]
    public async Task TheSheetThatBlocksIsOnThePhonesScreen()
    {
        await using var visit = await site.OpenAsync(asOwner: true, new() { Width = 390 });
        await visit.GoAsync($"/{SeededSite.Friend}");
        await visit.Page.ClickAsync(".more-menu summary");
        var sheet = (await visit.Page.Locator(".more-sheet").BoundingBoxAsync())!;
        (sheet.X, sheet.X + sheet.Width).ShouldSatisfyAllConditions(
            ends => ends.Item1.ShouldBeGreaterThanOrEqualTo(0), ends => ends.Item2.ShouldBeLessThanOrEqualTo(390));
        await visit.Page.Locator(".more-sheet button").WaitForAsync();
    }
}
