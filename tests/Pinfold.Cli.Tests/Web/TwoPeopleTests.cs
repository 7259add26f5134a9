using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Web;

/// <summary>Two people at two browsers: what one does, the other hears of without loading anything.</summary>
[Collection(SiteCollection.Name)]
public sealed class TwoPeopleTests(SeededSite site)
{
    [Fact]
    public async Task WhatOneDoesTheOtherHearsOfWithoutLoadingThePage()
    {
        await using var tarn = await site.OpenAsync();
        await using var fell = await site.OpenAsync();
        await AuthoringTests.SignUpAsync(tarn, "tarn");
        await AuthoringTests.SignUpAsync(fell, "fell");
        await tarn.GoAsync("/tarn");
        await tarn.Page.EvaluateAsync("window.isTheSame = true");
        await ShouldCountAsync(tarn, null);

        await fell.GoAsync("/tarn");
        await fell.Page.ClickAsync(".follow button");
        await Assertions.Expect(fell.Page.Locator(".follow button")).ToContainTextAsync("Unfollow");
        await ShouldCountAsync(tarn, "1");
        await Assertions.Expect(tarn.Page.Locator(".toast")).ToContainTextAsync("follows you.");
        (await tarn.Page.EvaluateAsync<bool>("window.isTheSame === true")).ShouldBeTrue("it was not loaded again");
        (await tarn.Page.EvaluateAsync<string[]>("window.shifts")).ShouldBeEmpty();

        var pin = await PinAsync(tarn, "Water under the ridge");
        await fell.UntilAsync(
            """
            async (title) => {
              const response = await fetch("/?show=following");
              return (await response.text()).includes(title);
            }
            """, "Water under the ridge");
        await fell.GoAsync("/?show=following");
        await Assertions.Expect(fell.Page.Locator(".feed")).ToContainTextAsync("Water under the ridge");

        await fell.GoAsync($"/pin/{pin}/save");
        await fell.Page.FillAsync("main .save-new input[name=newBoard]", "Kept");
        await fell.Page.ClickAsync("main .save-new button[type=submit]");
        await ShouldCountAsync(tarn, "2");
        await Assertions.Expect(tarn.Page.Locator(".toast")).ToContainTextAsync("saved Water under the ridge.");
        await fell.GoAsync($"/pin/{pin}");
        await fell.Page.FillAsync("main [name=text]", "How still it is");
        await fell.Page.ClickAsync("main form:has([name=text]) button[type=submit]");
        await ShouldCountAsync(tarn, "3");
        await fell.GoAsync($"/pin/{pin}");
        await fell.Page.ClickAsync(".pin-actions button.heart");
        await ShouldCountAsync(tarn, "4");
        await Assertions.Expect(tarn.Page.Locator(".toast")).ToContainTextAsync("liked Water under the ridge.");

        await tarn.Page.ClickAsync("#bell");
        await tarn.Page.WaitForURLAsync("**/notifications");
        await Assertions.Expect(tarn.Page.Locator(".told > li.unread")).ToHaveCountAsync(4);
        await Assertions.Expect(tarn.Page.Locator(".told")).ToContainTextAsync("How still it is");
        await ShouldCountAsync(tarn, null);
        await Assertions.Expect(fell.Page.Locator(".pin-actions button.heart"))
            .ToHaveAttributeAsync("aria-pressed", "true");
        await fell.Page.ClickAsync(".pin-actions button.heart");
        await Assertions.Expect(fell.Page.Locator(".pin-actions button.heart"))
            .ToHaveAttributeAsync("aria-pressed", "false");
        await tarn.GoAsync("/notifications");
        await Assertions.Expect(tarn.Page.Locator(".told > li")).ToHaveCountAsync(3);
        await Assertions.Expect(tarn.Page.Locator(".told > li.unread")).ToHaveCountAsync(0);
        // The service does not fetch here, and answers so when the address is typed.
        tarn.ShouldBeQuiet(except: "status of 400");
        fell.ShouldBeQuiet();
    }

    static async Task<string> PinAsync(Visit visit, string title)
    {
        await visit.GoAsync("/boards/new");
        await visit.Page.FillAsync("main [name=name]", "Lakes");
        await visit.Page.ClickAsync("main button[type=submit]");
        await visit.Page.WaitForURLAsync("**/lakes");
        await visit.Page.ClickAsync("main a[href^='/new?board=']");
        await visit.Page.FillAsync("main [name=url]", "https://lakes.example/ridge");
        await visit.Page.FillAsync("main [name=title]", title);
        await visit.Page.ClickAsync("main .make-words button[type=submit]");
        await visit.Page.WaitForURLAsync("**/pin/*");
        return new Uri(visit.Page.Url).Segments[^1];
    }

    static async Task ShouldCountAsync(Visit visit, string? unread)
    {
        var badge = visit.Page.Locator("#bell .badge");
        if (unread is null)
            await Assertions.Expect(badge).ToBeHiddenAsync();
        else
            await Assertions.Expect(badge.Locator("[data-count]")).ToHaveTextAsync(unread);
    }
}
