using System.Net;
using System.Text.RegularExpressions;
using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>All of the service below a path of a host that has other things too.</summary>
public sealed partial class PathBaseTests
{
    const string Base = "/apps/pins";

    [Fact]
    public async Task NoLinkOfAnyPageLeadsOutOfThePathBase()
    {
        await using var place = Place.Embedded();
        await using var served = await StartAsync(place, "--path-base", Base);
        using var ann = await SignUpAsync(served.Address);
        await FillAsync(ann);

        using var anybody = new Browser(served.Address);
        var seenByAnn = await CrawlAsync(ann, [$"{Base}/", $"{Base}/search?q=Birds", $"{Base}/nothing/here/at/all"]);
        var seenByAll = await CrawlAsync(anybody, [Base, $"{Base}/sign-in?returnUrl=%2Fnew", $"{Base}/ann"]);

        string[] expected = ["/", "/new", "/boards/new", "/import", "/settings", "/ann", "/ann/birds", "/search"];
        foreach (var page in expected)
            seenByAnn.ShouldContain(Base + page);
        seenByAnn.ShouldContain(path => path.StartsWith($"{Base}/images/", StringComparison.Ordinal));
        seenByAnn.ShouldContain(path => path.EndsWith("/pinfold.css", StringComparison.Ordinal));
        seenByAnn.ShouldContain(path => path.EndsWith("/wordmark.svg", StringComparison.Ordinal));
        seenByAll.ShouldContain($"{Base}/sign-up");
    }

    [Fact]
    public async Task RedirectsAndCookiesStayBelowIt()
    {
        await using var place = Place.Embedded();
        await using var served = await StartAsync(place, "--path-base", Base + "/");
        using var ann = await SignUpAsync(served.Address);
        using var anybody = new Browser(served.Address);

        (await anybody.GetAsync($"{Base}/settings")).ShouldBe(HttpStatusCode.Redirect)
            .Location.ShouldBe($"{Base}/sign-in?returnUrl=%2Fsettings");
        (await ann.GetAsync($"{Base}/sign-in?returnUrl=%2Fsettings")).Location.ShouldBe($"{Base}/settings");
        var chosen = await ann.PostAsync(
            $"{Base}/settings", new() { ["to"] = "dark", ["return"] = "/settings" }, to: $"{Base}/theme");
        chosen.ShouldBe(HttpStatusCode.Redirect).Location.ShouldBe($"{Base}/settings");
        var saved = await ann.PostAsync($"{Base}/settings", new() { ["displayName"] = "Ann", ["about"] = "" });
        saved.ShouldBe(HttpStatusCode.Redirect).Location.ShouldBe($"{Base}/settings");
        (await ann.GetAsync(saved.Location!)).ShouldBe(HttpStatusCode.OK, "data-notice", "data-theme=\"dark\"");
        var signedOut = await ann.PostAsync($"{Base}/settings", [], to: $"{Base}/sign-out");
        foreach (var answer in (Answer[])[chosen, saved, signedOut])
            foreach (Match cookie in Cookie().Matches(answer.Headers.GetValueOrDefault("Set-Cookie", "")))
                cookie.Groups[2].Value.ShouldBe(
                    // Browsers take these for the whole host only.
                    cookie.Groups[1].Value.StartsWith("__Host-", StringComparison.Ordinal) ? "/" : Base, cookie.Value);
    }

    [Fact]
    public async Task WhatIsNotBelowItIsNotThereExceptForProbes()
    {
        await using var place = Place.Embedded();
        await using var served = await StartAsync(place, "--public-url", $"http://example.org{Base}");
        using var anybody = new Browser(served.Address);
        foreach (var path in (string[])
            ["/", "/sign-in", "/apps", $"{Base}andmore", Base.ToUpperInvariant(), "/settings"])
            (await anybody.GetAsync(path)).ShouldBe(HttpStatusCode.NotFound, $"{Base}/").Text
                .ShouldContain($"href=\"{Base}/\"");
        foreach (var path in (string[])["/health", "/health/live", "/health/ready"])
            foreach (var prefix in (string[])["", Base])
                (await anybody.GetAsync(prefix + path)).ShouldBe(HttpStatusCode.OK).Text.ShouldBe("Healthy");
        (await anybody.GetAsync($"{Base}/sign-in")).ShouldBe(HttpStatusCode.OK);
    }

    static Task<Served> StartAsync(Place place, params string[] options) =>
        Served.StartAsync(place.Words(["serve", "--urls", "http://127.0.0.1:0", "--no-fetch", .. options]), null, null);

    static async Task<Browser> SignUpAsync(Uri address)
    {
        var browser = new Browser(address);
        (await browser.PostAsync($"{Base}/sign-up", new()
        {
            ["username"] = "ann",
            ["email"] = "ann@mail.example",
            ["password"] = Place.Password,
        })).ShouldBe(HttpStatusCode.Redirect).Location.ShouldBe($"{Base}/");
        return browser;
    }

    /// <summary>Something of everything that a page can show.</summary>
    static async Task FillAsync(Browser ann)
    {
        var board = await ann.PostAsync($"{Base}/boards/new", new() { ["name"] = "Birds" });
        board.ShouldBe(HttpStatusCode.Redirect).Location.ShouldBe($"{Base}/ann/birds");
        var id = BoardId().Match((await ann.GetAsync(board.Location!)).Text).Groups[1].Value;
        (await ann.PostAsync($"{Base}/boards/{id}/edit",
            new() { ["name"] = "Birds", ["sectionId"] = "", ["section"] = "Owls" })).ShouldBe(HttpStatusCode.Redirect);
        for (byte red = 0; red < 3; red++)
            (await ann.UploadAsync($"{Base}/new", new ByteArrayContent(TestPng.Solid(900, 600, red, 8, 7)), "a.png",
                new() { ["board"] = id, ["title"] = $"Pin {red}" })).ShouldBe(HttpStatusCode.Redirect);
        (await ann.UploadAsync($"{Base}/new", null, "", new() { ["board"] = id, ["url"] = "https://a.example/b" }))
            .ShouldBe(HttpStatusCode.Redirect);
        (await ann.UploadAsync($"{Base}/import", new ByteArrayContent(TestPng.Solid(40, 30, 99, 8, 7)), "b.png", []))
            .ShouldBe(HttpStatusCode.Redirect).Location!.ShouldStartWith($"{Base}/import/");
        await ann.WaitForAsync($"{Base}/ann/birds", page => page.Split("srcset=").Length > 3);
    }

    /// <summary>Follows every link; each has to lead on below the base, or to another site.</summary>
    static async Task<HashSet<string>> CrawlAsync(Browser browser, IEnumerable<string> from)
    {
        var (seen, todo) = (new HashSet<string>(), new Queue<string>(from));
        while (todo.TryDequeue(out var path))
        {
            if (!seen.Add(path) || path.EndsWith("/sign-out", StringComparison.Ordinal))
                continue;
            var answer = await browser.GetAsync(path);
            ((int)answer.Status).ShouldBeLessThan(500, path);
            if (answer.Location is { } location)
                todo.Enqueue(Checked(location, path));
            if (answer.Headers.GetValueOrDefault("Content-Type", "").StartsWith("text/html", StringComparison.Ordinal))
                foreach (var link in LinksOf(answer.Text))
                    todo.Enqueue(Checked(link, path));
            else if (path.EndsWith(".css", StringComparison.Ordinal))
                foreach (Match url in CssUrl().Matches(answer.Text))
                    todo.Enqueue(Checked(Resolved(url.Groups[1].Value, path), path));
            else if (path.EndsWith(".js", StringComparison.Ordinal))
                ScriptPath().Match(answer.Text).Value.ShouldBeEmpty($"{path} has an address of its own");
            else if (path.EndsWith(".webmanifest", StringComparison.Ordinal))
                foreach (Match url in ManifestUrl().Matches(answer.Text))
                    todo.Enqueue(Checked(Resolved(url.Groups[1].Value, path), path));
        }
        return seen;
    }

    static IEnumerable<string> LinksOf(string page)
    {
        foreach (Match attribute in Address().Matches(page))
        {
            var value = WebUtility.HtmlDecode(attribute.Groups[2].Value);
            var links = attribute.Groups[1].Value == "srcset"
                ? value.Split(", ").Select(source => source.Split(' ')[0]) : [value];
            foreach (var link in links.Where(l => l.Length > 0 && l[0] != '#'))
                if (!link.StartsWith("https://a.example", StringComparison.Ordinal))
                    yield return attribute.Value.StartsWith("href", StringComparison.Ordinal)
                        && Uri.TryCreate(link, UriKind.Absolute, out var whole) && whole.Host == "127.0.0.1"
                            ? whole.PathAndQuery : link;
        }
    }

    static string Checked(string link, string page)
    {
        link.StartsWith($"{Base}/", StringComparison.Ordinal).ShouldBeTrue($"{link} on {page} leads out of {Base}");
        link.ShouldNotContain($"{Base}{Base}");
        return link;
    }

    static string Resolved(string link, string page) => new Uri(new Uri($"http://site{page}"), link).AbsolutePath;

    [GeneratedRegex("\\b(href|action|src|srcset|formaction|poster|data-preview)=\"([^\"]*)\"")]
    private static partial Regex Address();

    [GeneratedRegex("url\\(\"?([^)\"]+)\"?\\)")]
    private static partial Regex CssUrl();

    [GeneratedRegex("[\"'`]/[a-z]+[^\"'`\n]*[\"'`]")]
    private static partial Regex ScriptPath();

    [GeneratedRegex("\"(?:start_url|scope|src)\": \"([^\"]+)\"")]
    private static partial Regex ManifestUrl();

    [GeneratedRegex("([^=,; ]+)=[^;]*;[^,]*?path=([^;,]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Cookie();

    [GeneratedRegex("/boards/([0-9]+)/edit")]
    private static partial Regex BoardId();
}
