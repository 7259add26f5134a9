using System.Net;
using System.Text.RegularExpressions;
using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>What administrators see and do, and that nobody else sees that it is there.</summary>
public sealed partial class AdministratorTests
{
    const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    [Fact]
    public async Task AnAdministratorDisablesAndPromotesFromTheNextRequestOnAndNobodyElseCan()
    {
        await using var place = Place.Embedded();
        await using var served = await Served.StartAsync(place);
        await using var another = await Served.StartAsync(place);
        using var mira = await Browser.SignedUpAsync(served.Address, "mira");
        using var tove = await Browser.SignedUpAsync(another.Address, "tove");
        using var anybody = new Browser(served.Address);

        foreach (var browser in (Browser[])[tove, anybody])
        {
            await browser.GetAsync("/");
            var never = await WordsAsync(browser, "/admin/never-was");
            foreach (var path in (string[])["/admin/people", "/admin/people/mira", "/admin/people/nobody"])
                (await WordsAsync(browser, path)).ShouldBe(never);
            foreach (var verb in (string[])["disable", "make-administrator"])
                (await browser.PostAsync(
                    browser == tove ? "/settings" : "/sign-in", [], $"/admin/people/mira/{verb}"))
                    .ShouldBe(HttpStatusCode.NotFound);
            using var empty = new FormUrlEncodedContent([]);
            (await browser.SendAsync(HttpMethod.Post, "/admin/people/mira/disable", empty))
                .ShouldBe(HttpStatusCode.NotFound);
        }

        (await mira.GetAsync("/settings")).ShouldBe(HttpStatusCode.OK, "/admin/people");
        (await tove.GetAsync("/settings")).Text.ShouldNotContain("/admin");
        (await mira.GetAsync("/admin/people")).ShouldBe(HttpStatusCode.OK, "@mira", "@tove", "tove@mail.example");
        (await mira.GetAsync("/admin/people?q=tove@mail.example")).ShouldBe(HttpStatusCode.OK, "@tove")
            .Words.ShouldNotContain(">mira</a>");
        (await mira.GetAsync("/admin/people?q=nobody")).ShouldBe(HttpStatusCode.OK, "Nobody has this name");
        (await mira.GetAsync("/admin/people/nobody")).ShouldBe(HttpStatusCode.NotFound);
        (await mira.GetAsync("/admin/people?after=x")).ShouldBe(HttpStatusCode.BadRequest);
        await DoAsync(mira, "tove", "make-administrator");
        (await tove.GetAsync("/admin/people/mira")).ShouldBe(HttpStatusCode.OK);
        await DoAsync(mira, "tove", "remove-administrator");
        (await tove.GetAsync("/admin/people/mira")).ShouldBe(HttpStatusCode.NotFound);
        (await mira.PostAsync("/settings", [], "/admin/people/mira/disable"))
            .ShouldBe(HttpStatusCode.Forbidden, "yourself");
        (await mira.PostAsync("/settings", [], "/admin/people/tove/erase")).ShouldBe(HttpStatusCode.NotFound);

        var (path2, _) = await tove.MakeBoardAsync("Walks");
        await DoAsync(mira, "tove", "disable");
        (await tove.GetAsync("/settings")).ShouldBe(HttpStatusCode.Redirect);
        (await tove.PostAsync("/sign-in", new() { ["name"] = "tove", ["password"] = Place.Password }))
            .ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await anybody.GetAsync(path2)).ShouldBe(HttpStatusCode.OK, "Walks");
        (await mira.GetAsync("/admin/people/tove")).ShouldBe(HttpStatusCode.OK, "Disabled since", "by @mira");
        await DoAsync(mira, "tove", "enable");
        (await tove.PostAsync("/sign-in", new() { ["name"] = "tove", ["password"] = Place.Password }))
            .ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task EverybodyReadsTheirOwnActivityAndAnAdministratorEverybodys()
    {
        await using var place = Place.Embedded();
        await using var served = await Served.StartAsync(place);
        using var mira = await Browser.SignedUpAsync(served.Address, "mira");
        using var tove = new Browser(served.Address, userAgent: Firefox);
        (await tove.PostAsync("/sign-up", new()
        {
            ["username"] = "tove",
            ["email"] = "tove@mail.example",
            ["password"] = Place.Password,
        })).ShouldBe(HttpStatusCode.Redirect);
        var (_, board) = await tove.MakeBoardAsync("Secret walks", isSecret: true);
        (await tove.PostAsync($"/boards/{board}/delete", [])).ShouldBe(HttpStatusCode.Redirect);
        (await tove.PostAsync("/settings", [], "/sign-out")).ShouldBe(HttpStatusCode.Redirect);
        using (var stranger = new Browser(served.Address))
            await stranger.PostAsync("/sign-in", new() { ["name"] = "tove", ["password"] = "a wrong password" });
        await DoAsync(mira, "tove", "make-administrator");
        await DoAsync(mira, "tove", "remove-administrator");
        (await tove.PostAsync("/sign-in", new() { ["name"] = "tove", ["password"] = Place.Password }))
            .ShouldBe(HttpStatusCode.Redirect);

        var own = await tove.GetAsync("/settings/activity");
        own.ShouldBe(HttpStatusCode.OK, "Signed up", "Firefox on Linux, 127.0.0.1", $"Deleted board {board}",
            "Signed out", "Made an administrator", "by @mira", "1 wrong password");
        own.Words.ShouldNotContain("Secret walks");
        (await mira.GetAsync("/settings/activity")).ShouldBe(HttpStatusCode.OK, "Signed up")
            .Words.ShouldNotContain("Deleted board");
        (await mira.GetAsync("/admin/people/tove")).ShouldBe(
            HttpStatusCode.OK, $"Deleted board {board}", "1 wrong password");
        using var anybody = new Browser(served.Address);
        (await anybody.GetAsync("/settings/activity")).ShouldBe(HttpStatusCode.Redirect);
        (await tove.GetAsync("/settings/activity?cursor=nonsense")).ShouldBe(HttpStatusCode.BadRequest);

        var all = (await place.RunAsync("audit", "--json")).ShouldEnd(0);
        all.Json.AsArray().Select(a => a!["user"]!.GetValue<string>()).Distinct().Order().ShouldBe(["mira", "tove"]);
        all.Out.ShouldNotContain("Secret walks");
        all.Out.ShouldNotContain(Place.Password);
    }

    [Fact]
    public async Task AnAdministratorSaysHowMuchAPersonMayKeep()
    {
        await using var place = Place.Embedded();
        await using var served = await Served.StartAsync(place);
        using var mira = await Browser.SignedUpAsync(served.Address, "mira");
        await place.AddUsersAsync("tove");
        const string page = "/admin/people/tove", form = $"{page}/budget";
        (await mira.GetAsync(page)).ShouldBe(HttpStatusCode.OK, "value=\"20 GB\"", "value=\"200000\"")
            .Words.ShouldNotContain("As everybody");

        Dictionary<string, string> budget = new() { ["bytes"] = "1.5GB", ["pins"] = "70", ["fetches"] = "5" };
        (await mira.PostAsync(page, budget, form)).ShouldBe(HttpStatusCode.Redirect);
        (await mira.GetAsync(page)).ShouldBe(
            HttpStatusCode.OK, "value=\"1.5 GB\"", "value=\"70\"", "value=\"5\"", "As everybody");
        (await place.RunAsync("user", "budget", "tove", "--json")).ShouldEnd(0).Json["pinsMax"]!
            .GetValue<int>().ShouldBe(70);

        foreach (var (field, wrong) in ((string, string)[])
            [("bytes", "much"), ("pins", "-1"), ("pins", ""), ("fetches", "1e3"), ("fetches", "10001")])
            (await mira.PostAsync(page, new(budget) { [field] = wrong }, form))
                .ShouldBe(HttpStatusCode.UnprocessableEntity, $"value=\"{wrong}\"");
        (await mira.GetAsync(page)).ShouldBe(HttpStatusCode.OK, "value=\"70\"");
        using var tove = new Browser(served.Address);
        await tove.SignInAsync("tove");
        (await tove.PostAsync("/settings", budget, form)).ShouldBe(HttpStatusCode.NotFound);

        (await mira.PostAsync(page, new() { ["usual"] = "yes" }, form)).ShouldBe(HttpStatusCode.Redirect);
        (await mira.GetAsync(page)).ShouldBe(HttpStatusCode.OK, "value=\"20 GB\"", "Budget");
    }

    /// <summary>Of a page that is not there, as somebody reads it.</summary>
    static async Task<string> WordsAsync(Browser browser, string path)
    {
        var answer = await browser.GetAsync(path);
        answer.ShouldBe(HttpStatusCode.NotFound);
        return Tag().Replace(answer.Words, "");
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    static async Task DoAsync(Browser administrator, string name, string verb) =>
        (await administrator.PostAsync($"/admin/people/{name}", [], $"/admin/people/{name}/{verb}"))
            .ShouldBe(HttpStatusCode.Redirect);
}
