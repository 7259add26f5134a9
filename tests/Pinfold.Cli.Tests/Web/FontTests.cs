using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Web;

/// <summary>The fonts that pages are written in come with them.</summary>
[Collection(SiteCollection.Name)]
public sealed class FontTests(SeededSite site)
{
    [Fact]
    public async Task TheyAreUsedAndWhatStandsInForThemIsAsWide()
    {
        await using var visit = await site.OpenAsync();
        await visit.GoAsync("/mira");
        (await visit.Page.EvaluateAsync<string[]>(
            "[...document.fonts].filter(font => font.status === 'loaded').map(font => font.family).sort()"))
            .Except(["Figtree stand-in", "Newsreader stand-in"]) // shown first where the machine is slow
            .ShouldBe(["Figtree", "Newsreader"], ignoreOrder: true);
        foreach (var (font, weight) in ((string, int)[])[("Figtree", 400), ("Figtree", 600), ("Newsreader", 500)])
        {
            var ratio = await visit.Page.EvaluateAsync<double>(
                """
                async ([font, weight]) => {
                  for (const family of [font, `${font} stand-in`])
                    await document.fonts.load(`${weight} 20px "${family}"`);
                  const widths = [font, `${font} stand-in`].map((family) => {
                    const pen = new OffscreenCanvas(1, 1).getContext("2d");
                    pen.font = `${weight} 20px "${family}", monospace`;
                    return pen.measureText("Where the road bends, half past four in November, and notes").width;
                  });
                  return widths[1] / widths[0];
                }
                """, new object[] { font, weight });
            ratio.ShouldBe(1, 0.06, $"{font} {weight}");
        }
        visit.ShouldBeQuiet();
    }

    [Fact]
    public async Task TheirLicencesComeAlong()
    {
        await using var visit = await site.OpenAsync();
        var page = await visit.Page.APIRequest.GetAsync("/");
        var assets = System.Text.RegularExpressions.Regex.Match(await page.TextAsync(), "/assets/[0-9a-f]+/").Value;
        foreach (var name in (string[])["figtree", "newsreader"])
        {
            var licence = await visit.Page.APIRequest.GetAsync($"{assets}fonts/{name}.LICENSE.txt");
            (await licence.TextAsync()).ShouldContain("SIL Open Font License");
            var font = await visit.Page.APIRequest.GetAsync($"{assets}fonts/{name}.woff2");
            font.Headers["content-type"].ShouldBe("font/woff2");
            (await font.BodyAsync()).AsSpan(0, 4).SequenceEqual("wOF2"u8).ShouldBeTrue();
        }
    }
}
