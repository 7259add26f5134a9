using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Web;

/// <summary>Pictures of the pages for people to look at, in artifacts/screenshots.</summary>
[Collection(SiteCollection.Name)]
public sealed class ScreenshotTests(SeededSite site)
{
    public static TheoryData<string, int, int, bool> Screens =>
    [
        ("phone", 390, 844, false), ("dark", 1440, 900, true),
        .. Soak.IsOn ? [("desktop", 1440, 900, false), ("wide", 2560, 1440, false)]
            : Array.Empty<TheoryDataRow<string, int, int, bool>>(),
    ];

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task PagesCanBeLookedAt(string name, int width, int height, bool isDark)
    {
        await using var visit =
            await site.OpenAsync(asOwner: true, new() { Width = width, Height = height, IsDark = isDark });
        foreach (
            var (page, path) in new[] { ("profile", "/mira"), ("feed", "/mira"), ("board", "/mira/hills"),
                ("pin", $"/pin/{site.PublicPin}"), ("new-pin", "/new"), ("import", "/import"),
                ("settings", "/settings"), ("search", "/search?q=road"), ("search-nothing", "/search?q=zeppelin"),
                ("tag", "/tag/moor"), ("edit-pin", $"/pin/{site.PublicPin}/edit"), ("no-such-page", "/pin/1"),
                ("followers", "/users/mira/followers"), ("followed-boards", "/users/robin/following/boards"),
                ("friend", "/robin"), ("friends-board", "/robin/rocks"), ("blocked", "/settings/blocked"),
                ("explore", "/explore"), ("notifications", "/notifications"),
                ("notification-switches", "/settings/notifications"), ("blocked-person", "/bore"),
                ("links", "/mira/reading"),
                ("saved-pin", $"/pin/{site.SavedPin}"), ("comments", $"/pin/{site.PublicPin}/comments"),
                ("edit-comment", $"/comments/{site.OwnComment}/edit"), ("likes", "/users/mira/likes"),
                ("save-pin", $"/pin/{site.PublicPin}/save") })
        {
            await visit.GoAsync(path);
            if (page == "feed")
                await visit.Page.EvaluateAsync(
                    "scrollTo(0, document.querySelector('.feed').getBoundingClientRect().top + 400)");
            await visit.UntilAsync(
                "[...document.images].filter(i => i.getBoundingClientRect().top < innerHeight).every(i => i.complete " +
                    "&& i.naturalWidth > 0)");
            var file = Path.Combine(Folder(), $"{page}-{name}.png");
            await visit.Page.ScreenshotAsync(new() { Path = file });
            new FileInfo(file).Length.ShouldBeGreaterThan(5_000);
            (await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth"))
                .ShouldBeLessThanOrEqualTo(0, $"{page} is wider than the screen");
        }
        visit.ShouldBeQuiet(except: "status of 404");
    }

    static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder.Parent is { } parent && !File.Exists(Path.Combine(folder.FullName, "Pinfold.slnx")))
            folder = parent;
        return Directory.CreateDirectory(Path.Combine(folder.FullName, "artifacts", "screenshots")).FullName;
    }
}
