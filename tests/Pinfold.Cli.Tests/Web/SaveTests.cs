using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Web;

/// <summary>
/// The control that saves a pin: by mouse, by keys, by thumb, without script, and before one has signed in.
/// </summary>
[Collection(SiteCollection.Name)]
public sealed class SaveTests(SeededSite site)
{
    const string FirstPin = ".feed > .pin:has(img) >> nth=0";

    [Fact]
    public async Task OneClickOnABoardSavesAndTheBoardUsedLastIsOfferedFirst()
    {
        await using var visit = await site.OpenAsync();
        var page = visit.Page;
        await AuthoringTests.SignUpAsync(visit, "saver");
        foreach (var board in (string[])["Old", "New"])
            await MakeBoardAsync(visit, board);
        await visit.GoAsync("/mira");
        await OpenSheetAsync(visit);
        await page.ClickAsync("#sheet [data-choice='Old']");
        await Assertions.Expect(page.Locator(".toast")).ToContainTextAsync("Saved to Old");
        (await page.Locator($"{FirstPin} >> [data-save-word]").TextContentAsync()).ShouldBe("Saved");

        await OpenSheetAsync(visit);
        (await page.Locator("#sheet [data-choice]").EvaluateAllAsync<string[]>("all => all.map(c => c.dataset.choice)"))
            .ShouldBe(["Old", "New"]);
        (await page.EvaluateAsync<string>("document.activeElement.dataset.choice")).ShouldBe("Old");
        visit.ShouldBeQuiet();
    }

    [Fact]
    public async Task EscapeAndEnterOpenThePinAndSaveNothing()
    {
        await using var visit = await site.OpenAsync(asOwner: true);
        var page = visit.Page;
        await visit.GoAsync("/mira");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("s");
        await page.Locator("#sheet[open] #sheet-title").WaitForAsync();
        await page.Keyboard.PressAsync("Escape");
        await visit.UntilAsync("document.activeElement.classList.contains('pin-link')");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/pin/*");
        page.Url.ShouldNotContain("save");
        await page.Locator(".pin-page").WaitForAsync();
    }

    [Fact]
    public async Task TheKeyEEditsThePinThatWasSteppedTo()
    {
        await using var visit = await site.OpenAsync(asOwner: true);
        await visit.GoAsync("/mira");
        await visit.Page.Keyboard.PressAsync("j");
        var pin = (await visit.FocusedPinAsync())["pin-".Length..];
        await visit.Page.Keyboard.PressAsync("e");
        await visit.Page.WaitForURLAsync($"**/pin/{pin}/edit");
    }

    [Fact]
    public async Task ArrowsTurnThePagesOfABoard()
    {
        await using var visit = await site.OpenAsync();
        var page = visit.Page;
        await visit.GoAsync("/mira/hills");
        var pins = await visit.Pins.EvaluateAllAsync<string[]>("pins => pins.slice(0, 3).map(p => p.id.slice(4))");
        await visit.GoAsync($"/pin/{pins[0]}");
        (await page.Locator(".turn-back").CountAsync()).ShouldBe(0);
        await page.Keyboard.PressAsync("ArrowRight");
        await page.WaitForURLAsync($"**/pin/{pins[1]}");
        await page.Locator(".turn-back").WaitForAsync();
        await page.ClickAsync(".turn-on");
        await page.WaitForURLAsync($"**/pin/{pins[2]}");
        await page.Locator(".turn-back").WaitForAsync();
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.WaitForURLAsync($"**/pin/{pins[1]}");
    }

    [Fact]
    public async Task OnTouchItIsSeenAndLeadsThroughTheSignInAndBackWithoutScript()
    {
        await using var visit = await site.OpenAsync(options: new() { Width = 390, HasScript = false });
        var page = visit.Page;
        await visit.GoAsync("/mira");
        var save = page.Locator($"{FirstPin} >> .pin-save");
        (await save.EvaluateAsync<string>("link => getComputedStyle(link).opacity")).ShouldBe("1");
        var size = await save.BoundingBoxAsync();
        (size!.Width, size.Height).ShouldBe((44f, 44f));
        await save.ClickAsync();
        await page.WaitForURLAsync("**/sign-in?**");
        await page.FillAsync("main [name=name]", SeededSite.Owner);
        await page.FillAsync("main [name=password]", SeededSite.Password);
        await page.ClickAsync("main button[type=submit]");
        await page.WaitForURLAsync("**/pin/*/save");
        await page.ClickAsync("[data-choice='Hills']");
        await page.WaitForURLAsync(url => url.Contains("/pin/", StringComparison.Ordinal)
            && !url.EndsWith("/save", StringComparison.Ordinal));
        (await page.Locator("[data-notice]").InnerTextAsync()).ShouldBe("Saved to Hills.");
    }

    [Fact]
    public async Task ASectionIsChosenAsABoardIsAndTheFilterFindsBoth()
    {
        await using var visit = await site.OpenAsync();
        var page = visit.Page;
        await AuthoringTests.SignUpAsync(visit, "sorter");
        foreach (var i in Enumerable.Range(1, 8))
            await MakeBoardAsync(visit, $"Plain {i}");
        await MakeBoardAsync(visit, "Ållmän");
        await page.ClickAsync("main a[href$='/edit']");
        await page.Locator("main [name=section]").FillAsync("Steep");
        await page.ClickAsync("main .actions button[type=submit]");
        await page.WaitForURLAsync("**/sorter/*");

        await visit.GoAsync("/mira");
        await OpenSheetAsync(visit);
        await page.FillAsync("#sheet [data-filter]", "alm stee");
        (await page.Locator("#sheet [data-choice]:visible").CountAsync()).ShouldBe(0, "every word has to fit");
        await page.FillAsync("#sheet [data-filter]", "allm stee");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".toast")).ToContainTextAsync("Saved to Ållmän");
        await visit.GoAsync("/sorter");
        await page.ClickAsync(".board a:has-text('Ållmän')");
        await page.ClickAsync(".chips a:has-text('Steep')");
        await Assertions.Expect(visit.Pins).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task TwoDropsMakeTwoPins()
    {
        await using var visit = await site.OpenAsync();
        var page = visit.Page;
        await AuthoringTests.SignUpAsync(visit, "dropper");
        await visit.GoAsync("/new");
        foreach (var colour in (string[])["#a33", "#3a3"])
            await page.EvaluateAsync(
                """
                async (colour) => {
                  const canvas = new OffscreenCanvas(60, 40);
                  const pen = canvas.getContext("2d");
                  pen.fillStyle = colour;
                  pen.fillRect(0, 0, 60, 40);
                  const files = new DataTransfer();
                  files.items.add(new File([await canvas.convertToBlob()], `${colour}.png`, { type: "image/png" }));
                  dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
                }
                """, colour);
        await Assertions.Expect(page.Locator("[data-previews] canvas")).ToHaveCountAsync(2);
        await page.FillAsync("main [name=newBoard]", "Dropped");
        await page.ClickAsync("main button[type=submit]");
        await page.WaitForURLAsync("**/dropper/dropped");
        await Assertions.Expect(visit.Pins).ToHaveCountAsync(2);
        visit.ShouldBeQuiet();
    }

    static async Task MakeBoardAsync(Visit visit, string name)
    {
        await visit.GoAsync("/boards/new");
        await visit.Page.FillAsync("main [name=name]", name);
        await visit.Page.ClickAsync("main button[type=submit]");
        await visit.Page.Locator("[data-notice]").WaitForAsync();
    }

    static async Task OpenSheetAsync(Visit visit)
    {
        await visit.Page.Locator(FirstPin).HoverAsync();
        await visit.Page.ClickAsync($"{FirstPin} >> .pin-save");
        await visit.Page.Locator("#sheet[open] #sheet-title").WaitForAsync();
    }
}
