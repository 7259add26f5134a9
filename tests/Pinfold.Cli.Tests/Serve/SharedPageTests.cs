using System.Net;
using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>A profile as visitors see it is made once, and never shows what is not so any more.</summary>
public sealed class SharedPageTests(ServedPlace served) : IClassFixture<ServedPlace>
{
    [Fact]
    public async Task AVisitorSeesEachChangeWithTheNextPage()
    {
        using var liv = await Browser.SignedUpAsync(served.Address, "liv");
        using var visitor = new Browser(served.Address);
        (await VisitAsync(visitor)).ShouldNotContain("Boats");

        var (_, boats) = await liv.MakeBoardAsync("Boats");
        (await VisitAsync(visitor)).ShouldContain("Boats");
        (await VisitAsync(visitor)).ShouldContain("Boats");

        (await liv.PostAsync($"/boards/{boats}/edit", new() { ["name"] = "Boats", ["secret"] = "true" }))
            .ShouldBe(HttpStatusCode.Redirect);
        (await VisitAsync(visitor)).ShouldNotContain("Boats");
        (await liv.GetAsync("/liv")).ShouldBe(HttpStatusCode.OK, "Boats");

        (await liv.PostAsync("/settings", new() { ["displayName"] = "Liv Aas" })).ShouldBe(HttpStatusCode.Redirect);
        (await VisitAsync(visitor)).ShouldContain("Liv Aas");
    }

    [Fact]
    public async Task HowItLooksIsEachVisitorsOwn()
    {
        using var berit = await Browser.SignedUpAsync(served.Address, "berit");
        await berit.MakeBoardAsync("Looms");
        using var plain = new Browser(served.Address);
        using var dark = new Browser(served.Address);
        (await plain.GetAsync("/berit")).Text.ShouldNotContain("data-theme=\"dark\"");
        (await ChooseAsync(dark, "same-origin")).ShouldBe(HttpStatusCode.Redirect);
        (await dark.GetAsync("/berit")).Text.ShouldContain("data-theme=\"dark\"");
        (await plain.GetAsync("/berit")).Text.ShouldNotContain("data-theme=\"dark\"");
        (await berit.GetAsync("/berit")).Text.ShouldContain("Sign out");
        (await plain.GetAsync("/berit")).Text.ShouldNotContain("Sign out");
    }

    [Theory]
    [InlineData("same-origin", null, true)]
    [InlineData(null, null, true)]
    [InlineData("cross-site", null, false)]
    [InlineData("same-site", null, false)]
    [InlineData(null, "https://other.example", false)]
    public async Task AnotherSiteChoosesNothing(string? site, string? origin, bool isChosen)
    {
        using var visitor = new Browser(served.Address);
        var answer = await ChooseAsync(visitor, site, origin);
        answer.ShouldBe(isChosen ? HttpStatusCode.Redirect : HttpStatusCode.Forbidden);
        answer.Headers.ContainsKey("Set-Cookie").ShouldBe(isChosen);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    [InlineData("identity")]
    public async Task NothingOnItIsOfOneVisitorAlone(string coding)
    {
        using var astrid = await Browser.SignedUpAsync(served.Address, $"astrid-{coding}");
        using var http = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All });
        var pages = new List<string>();
        for (var time = 0; time < 3; time++)
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Get, new Uri(served.Address, $"/astrid-{coding}"));
            request.Headers.Add("Accept-Encoding", coding);
            using var answer = await http.SendAsync(request);
            answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
            answer.Headers.Vary.ShouldContain("Accept-Encoding");
            answer.Headers.CacheControl!.ToString().ShouldContain("private");
            answer.Headers.Contains("Content-Security-Policy").ShouldBeTrue();
            pages.Add(await answer.Content.ReadAsStringAsync());
        }
        pages[0].ShouldContain("</html>");
        pages.Distinct().ShouldHaveSingleItem();
    }

    static async Task<string> VisitAsync(Browser visitor) =>
        (await visitor.GetAsync("/liv")).ShouldBe(HttpStatusCode.OK).Words;

    static async Task<Answer> ChooseAsync(Browser visitor, string? site, string? origin = null)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["to"] = "dark" });
        return await visitor.SendAsync(HttpMethod.Post, "/theme", form, headers: request =>
        {
            if (site is not null)
                request.Add("Sec-Fetch-Site", site);
            if (origin is not null)
                request.Add("Origin", origin);
        });
    }
}
