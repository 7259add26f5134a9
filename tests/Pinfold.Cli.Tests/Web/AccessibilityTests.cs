using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Web;

/// <summary>axe-core finds nothing to complain of, on any page, in either theme.</summary>
[Collection(SiteCollection.Name)]
public sealed class AccessibilityTests(SeededSite site)
{
    static readonly string[] OwnersPages =
        ["/", "/mira", "/mira/hills", "/mira/a-secret", "/new", "/boards/new", "/import", "/settings",
            "/settings/sessions", "/settings/activity", "/settings/invitations", "/admin/people", "/admin/people/mira",
            "/search?q=hills", "/search?q=road&year=2023", "/tag/moor", "/users/mira/followers",
            "/users/mira/following", "/users/robin/following/boards", "/settings/blocked", "/robin",
            "/robin/rocks", "/bore", "/finn", "/users/mira/likes", "/explore", "/notifications",
            "/settings/notifications"];

    static readonly string[] VisitorsPages =
        ["/", "/mira", "/sign-in", "/sign-up", "/nobody-of-that-name", "/search", "/search?q=road", "/search?q=***",
            "/users/mira/followers", "/robin/rocks", "/explore"];

    /// <summary>All that a theme changes.</summary>
    static readonly AxeRunOptions OfColours = new()
    {
        RunOnly = new RunOnlyOptions { Type = "rule", Values = ["color-contrast", "link-in-text-block"] },
    };

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task NoPageHasAViolation(bool asOwner, bool isDark)
    {
        await using var visit = await site.OpenAsync(asOwner, new() { IsDark = isDark, Width = isDark ? 390 : 1440 });
        string[] pin =
            [$"/pin/{site.PublicPin}", $"/pin/{site.PublicPin}/comments", $"/pin/{site.SavedPin}", .. asOwner
                ? new[] { "edit", "delete", "save" }.Select(verb => $"/pin/{site.PublicPin}/{verb}")
                    .Concat(new[] { "edit", "delete" }.Select(verb => $"/comments/{site.OwnComment}/{verb}")) : []];
        var violations = new List<string>();
        foreach (var path in (string[])[.. asOwner ? OwnersPages : VisitorsPages, .. pin])
        {
            await visit.GoAsync(path);
            // Before axe, which scrolls and hides to look behind things.
            violations.AddRange(
                (await visit.Page.EvaluateAsync<string[]>("window.shifts"))
                    .Select(shift => $"{path}: layout shift {shift}"));
            var result = await visit.Page.RunAxe(isDark ? OfColours : null);
            violations.AddRange(result.Violations.Select(v =>
                $"{path}: {v.Id} {v.Help} {string.Join(" | ", v.Nodes.Take(3).Select(n => n.Html))}"));
        }
        violations.ShouldBeEmpty();
    }

    /// <summary>
    /// Who asked for less motion gets no transitions at all: a short one for every property would also start from how
    /// an element was before the style sheet came, and move it.
    /// </summary>
    [Fact]
    public async Task WithReducedMotionNothingIsATransition()
    {
        await using var visit = await site.OpenAsync(asOwner: true);
        await visit.GoAsync("/");
        var moving = await visit.Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll("*")]
              .filter((element) => getComputedStyle(element).transition !== "none")
              .map((element) => element.outerHTML.slice(0, 80))
            """);
        moving.ShouldBeEmpty();
    }

    [Fact]
    public async Task TheSheetThatBlocksHasNone()
    {
        await using var visit = await site.OpenAsync(asOwner: true);
        await visit.GoAsync("/robin");
        await visit.Page.ClickAsync(".more-menu summary");
        await visit.Page.Locator(".more-sheet button").WaitForAsync();
        (await visit.Page.RunAxe()).Violations.Select(v => v.Id).ShouldBeEmpty();
    }

    [Fact]
    public async Task TheSaveSheetAndTheListOfKeysHaveNone()
    {
        await using var visit = await site.OpenAsync(asOwner: true);
        await visit.GoAsync("/mira");
        await visit.Page.ClickAsync(".pin-save >> nth=0");
        await visit.Page.Locator("#sheet[open] #sheet-title").WaitForAsync();
        (await visit.Page.RunAxe()).Violations.Select(v => v.Id).ShouldBeEmpty();
        await visit.Page.Keyboard.PressAsync("Escape");
        await visit.Page.Keyboard.PressAsync("?");
        await visit.Page.Locator("#keys[open]").WaitForAsync();
        (await visit.Page.RunAxe()).Violations.Select(v => v.Id).ShouldBeEmpty();
    }
}
