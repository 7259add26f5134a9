using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Pinfold.Cli.Tests.Running;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Web;

/// <summary>What a person does on the pages, from signing up to deleting.</summary>
[Collection(SiteCollection.Name)]
public sealed class AuthoringTests(SeededSite site)
{
    [Fact]
    public async Task SomebodySignsUpMakesABoardUploadsAPhotoEditsItAndDeletesIt()
    {
        await using var visit = await site.OpenAsync();
        var page = visit.Page;
        await SignUpAsync(visit, "ida");

        await visit.GoAsync("/boards/new");
        await page.FillAsync("main [name=name]", "Stone & water");
        await page.ClickAsync("main button[type=submit]");
        await page.WaitForURLAsync("**/ida/stone-water");
        (await page.Locator("[data-notice]").InnerTextAsync()).ShouldContain("Stone & water");

        await page.ClickAsync("main a[href^='/new?board=']");
        await page.SetInputFilesAsync("main input[type=file]", Photo());
        await page.Locator("canvas.drop-preview:not([hidden])").WaitForAsync();
        await page.FillAsync("main [name=title]", "Below the weir");
        await page.ClickAsync("main button[type=submit]");
        await page.WaitForURLAsync("**/pin/*");
        await page.Locator("#stage img").WaitForAsync();
        await visit.UntilAsync("document.querySelector('#stage img').naturalWidth > 0");
        (await page.Locator("h1").InnerTextAsync()).ShouldBe("Below the weir");

        await page.ClickAsync("main a[href$='/edit']");
        await page.FillAsync("main [name=title]", "Above the weir");
        await page.ClickAsync("main .make-words button[type=submit]");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Above the weir");

        await page.ClickAsync("main a[href$='/delete']");
        await page.ClickAsync("#sheet[open] button.danger");
        await page.WaitForURLAsync("**/ida/stone-water");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("This board is empty");
        visit.ShouldBeQuiet();
    }

    [Fact]
    public async Task APinIsSavedFromTheSheetToANewBoard()
    {
        await using var visit = await site.OpenAsync();
        var page = visit.Page;
        await SignUpAsync(visit, "noor");
        await visit.GoAsync("/mira");

        await page.Locator(".feed > .pin:has(img) .pin-save").First.ClickAsync();
        await page.Locator("#sheet[open] #sheet-title").WaitForAsync();
        await page.ClickAsync("#sheet input[name=newBoard]");
        await page.ClickAsync("#sheet .save-new button[type=submit]");
        await Assertions.Expect(page.Locator("#sheet .error")).ToContainTextAsync("needs a name");
        await page.FillAsync("#sheet input[name=newBoard]", "From Mira");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.Locator(".toast")).ToContainTextAsync("Saved to From Mira");
        await Assertions.Expect(page.Locator("#sheet[open]")).ToHaveCountAsync(0);
        page.Url.ShouldEndWith("/mira");
        await visit.GoAsync("/noor/from-mira");
        (await visit.Pins.CountAsync()).ShouldBe(1);
        await visit.GoAsync("/noor");
        await visit.UntilAsync("(document.querySelector('.boards img')?.naturalWidth ?? 0) > 0");
        visit.ShouldBeQuiet(except: "422");
    }

    [Fact]
    public async Task WhatIsSecretIsNotThereForOthersNorAreItsPictures()
    {
        await using var owner = await site.OpenAsync(asOwner: true);
        await using var anybody = await site.OpenAsync();
        await using var other = await site.OpenAsync();
        await SignUpAsync(other, "stranger");
        foreach (var secret in site.SecretCases)
            foreach (var path in new[] { secret.PinPath, secret.PicturePath })
            {
                (await StatusAsync(owner, path)).ShouldBe(200, path);
                (await StatusAsync(other, path)).ShouldBe(secret.IsPublic ? 200 : 404, path);
                (await StatusAsync(anybody, path)).ShouldBe(secret.IsPublic ? 200 : 404, path);
            }
        foreach (var (path, isSecret) in site.SecretCases.Select(c => (c.BoardPath, c.BoardIsSecret)).Distinct())
        {
            (await StatusAsync(owner, path)).ShouldBe(200);
            (await StatusAsync(other, path)).ShouldBe(isSecret ? 404 : 200);
            (await StatusAsync(anybody, path)).ShouldBe(isSecret ? 404 : 200);
        }
        await anybody.GoAsync("/mira");
        (await anybody.Page.ContentAsync()).ShouldNotContain("A secret");
    }

    [Fact]
    public async Task ABoardThatTurnsSecretIsGoneForOthersAtOnce()
    {
        await using var owner = await site.OpenAsync();
        await using var anybody = await site.OpenAsync();
        await SignUpAsync(owner, "tove");
        await owner.GoAsync("/boards/new");
        await owner.Page.FillAsync("main [name=name]", "Plans");
        await owner.Page.ClickAsync("main button[type=submit]");
        await owner.Page.WaitForURLAsync("**/tove/plans");
        (await StatusAsync(anybody, "/tove/plans")).ShouldBe(200);

        await owner.Page.ClickAsync("main a[href$='/edit']");
        await owner.Page.CheckAsync("main [name=secret]");
        await owner.Page.ClickAsync("main .actions button[type=submit]");
        await owner.Page.WaitForURLAsync("**/tove/plans");

        (await StatusAsync(anybody, "/tove/plans")).ShouldBe(404);
        await anybody.GoAsync("/tove");
        (await anybody.Page.ContentAsync()).ShouldNotContain("Plans");
    }

    [Fact]
    public async Task BookmarksAreImportedOnThePageWhichShowsHowFarItIs()
    {
        await using var visit = await site.OpenAsync();
        var page = visit.Page;
        await SignUpAsync(visit, "brage");
        await visit.GoAsync("/import");
        await page.SetInputFilesAsync("main [data-drop] input[type=file]", new FilePayload
        {
            Name = "bookmarks.html",
            MimeType = "text/html",
            Buffer = System.Text.Encoding.UTF8.GetBytes(SeededSite.BookmarksFile(230)),
        });
        await page.ClickAsync("main button[type=submit]");
        await page.WaitForURLAsync("**/import/*");

        await page.Locator("#run:not(.live)").WaitForAsync();
        (await page.Locator(".run-state").InnerTextAsync()).ShouldContain("230 added, 0 there already, 0 refused");
        await page.ClickAsync("#run a.button");
        await page.WaitForURLAsync("**/brage");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("230 pins");
        visit.ShouldBeQuiet();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AFolderIsImportedOnThePageWithScriptsAndWithout(bool hasScript)
    {
        using var folder = new TempFolder("chosen");
        Directory.CreateDirectory(folder["Trip/Day one"]);
        await File.WriteAllBytesAsync(folder["Trip/Day one/a walk.png"], TestPng.Solid(300, 200, 90, 120, 60));
        File.Copy(Samples.Find("formats/instapaper.csv"), folder["Trip/links.csv"]);

        await using var visit = await site.OpenAsync(options: new() { HasScript = hasScript });
        var name = hasScript ? "sunniva" : "torbjorn";
        await SignUpAsync(visit, name);
        await visit.GoAsync("/import");
        await visit.Page.SetInputFilesAsync("main #folder", folder["Trip"]);
        await visit.Page.ClickAsync("main button[type=submit]");
        await visit.Page.WaitForURLAsync("**/import/*");
        await Assertions.Expect(visit.Page.Locator("#run:not(.live)")).ToContainTextAsync("4 added");
        await visit.GoAsync($"/{name}/day-one");
        await Assertions.Expect(visit.Page.Locator("main")).ToContainTextAsync("A walk");
    }

    [Fact]
    public async Task TheChosenThemeHoldsAcrossPagesWithScriptsAndWithout()
    {
        foreach (var hasScript in new[] { true, false })
        {
            await using var visit = await site.OpenAsync(asOwner: true, new() { HasScript = hasScript });
            await visit.GoAsync("/settings");
            await visit.Page.ClickAsync("main .theme button[value=dark]");
            await Assertions.Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
            await visit.GoAsync("/mira");
            await Assertions.Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
            await visit.GoAsync("/settings");
            await visit.Page.ClickAsync("main .theme button[value=system]");
            await Assertions.Expect(visit.Page.Locator("html"))
                .Not.ToHaveAttributeAsync("data-theme", new Regex("dark"));
            visit.ShouldBeQuiet();
        }
    }

    internal static async Task SignUpAsync(Visit visit, string name)
    {
        await visit.GoAsync("/sign-up");
        await visit.Page.FillAsync("main [name=username]", name);
        await visit.Page.FillAsync("main [name=email]", $"{name}@example.org");
        await visit.Page.FillAsync("main [name=password]", SeededSite.Password);
        await visit.Page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(visit.Page.Locator("[data-notice]")).ToContainTextAsync($"Welcome, {name}");
    }

    static async Task<int> StatusAsync(Visit visit, string path) =>
        (await visit.Page.APIRequest.GetAsync(path)).Status;

    static FilePayload Photo()
    {
        using var picture = SamplePictures.Draw(3);
        using var smaller = picture.Resize(0.7);
        return new FilePayload { Name = "weir.jpg", MimeType = "image/jpeg", Buffer = smaller.JpegsaveBuffer(q: 80) };
    }
}
