using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Tests.Running;
using Pinfold.Pinboard.Users;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>One installation, two processes: what ends in one has ended in the other.</summary>
public sealed class SessionTests
{
    const string OtherPassword = "another wall of stone";

    [Theory]
    [MemberData(nameof(Fleet.AllEngines), MemberType = typeof(Fleet))]
    public async Task WhoseSessionEndsInOneProcessIsRefusedByTheOtherWithTheNextRequest(string engine)
    {
        await using var place = await Place.OnAsync(engine);
        await place.AddUsersAsync("ann");
        await using var one = await Served.StartAsync(place);
        await using var other = await Served.StartAsync(place);
        using var desk = await SignInAsync(one, Place.Password);

        using (var phone = await SignInAsync(other, Place.Password))
        {
            (await desk.PostAsync("/settings/sessions", [], "/settings/sessions/end-others"))
                .ShouldBe(HttpStatusCode.Redirect);
            await ShouldBeOutAsync(phone);
        }
        await ShouldBeInAsync(desk);

        using (var phone = await SignInAsync(other, Place.Password))
        {
            (await desk.PostAsync(
                "/settings", new() { ["current"] = Place.Password, ["password"] = OtherPassword },
                "/settings/password")).ShouldBe(HttpStatusCode.Redirect);
            await ShouldBeOutAsync(phone);
        }
        await ShouldBeInAsync(desk);

        using (var phone = await SignInAsync(other, OtherPassword))
        {
            (await place.RunWithInputAsync($"{Place.Password}\n", "user", "reset-password", "ann")).ShouldEnd(0);
            await ShouldBeOutAsync(phone);
            await ShouldBeOutAsync(desk);
        }

        using (var phone = await SignInAsync(other, Place.Password))
        {
            await using (var opened = await place.OpenAsync())
                await opened.Services.GetRequiredService<Sessions>().DisableAsync(
                    await opened.UserAsync("ann"), isDisabled: true, CancellationToken.None);
            await ShouldBeOutAsync(phone);
            using var again = new Browser(one.Address);
            (await TryAsync(again, Place.Password)).ShouldBe(HttpStatusCode.UnprocessableEntity, "disabled");
        }
    }

    [Fact]
    public async Task WhoSignsOutLeavesNothingThatStillOpensTheirPages()
    {
        await using var place = Place.Embedded();
        await using var served = await Served.StartAsync(place);
        using var ann = await Browser.SignedUpAsync(served.Address, "ann");
        var stolen = ann.Cookies();

        var left = (await ann.PostAsync("/settings", [], "/sign-out")).ShouldBe(HttpStatusCode.Redirect);

        left.Headers["Clear-Site-Data"].ShouldBe("\"cache\", \"storage\"");
        left.Headers["Set-Cookie"].ShouldContain("session=;");
        await ShouldBeOutAsync(ann);
        using var thief = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(served.Address, "/settings"));
        request.Headers.Add("Cookie", stolen);
        using var answer = await thief.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task TheListNamesEachBrowserAndEndsOneOfThem()
    {
        await using var place = Place.Embedded();
        await using var served = await Served.StartAsync(place);
        using var desk = await Browser.SignedUpAsync(served.Address, "ann");
        using var phone = new Browser(
            served.Address, userAgent: "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0");
        (await TryAsync(phone, Place.Password)).ShouldBe(HttpStatusCode.Redirect);

        var list = (await desk.GetAsync("/settings/sessions")).ShouldBe(
            HttpStatusCode.OK, "An unknown browser", "This one", "Firefox on Android", "127.0.0.1");

        var id = Regex.Match(list.Text, "name=\"id\" value=\"([0-9]+)\"").Groups[1].Value;
        (await desk.PostAsync("/settings/sessions", new() { ["id"] = id }, "/settings/sessions/end"))
            .ShouldBe(HttpStatusCode.Redirect);
        await ShouldBeOutAsync(phone);
        (await desk.GetAsync("/settings/sessions")).Words.ShouldNotContain("Firefox");
        (await desk.PostAsync("/settings/sessions", new() { ["id"] = "12" }, "/settings/sessions/end"))
            .ShouldBe(HttpStatusCode.NotFound);
    }

    static async Task<Browser> SignInAsync(Served served, string password)
    {
        var browser = new Browser(served.Address);
        (await TryAsync(browser, password)).ShouldBe(HttpStatusCode.Redirect);
        await ShouldBeInAsync(browser);
        return browser;
    }

    static Task<Answer> TryAsync(Browser browser, string password) => browser.PostAsync(
        "/sign-in", new() { ["name"] = "ann", ["password"] = password, ["remember"] = "true" });

    static async Task ShouldBeInAsync(Browser browser) =>
        (await browser.GetAsync("/settings")).ShouldBe(HttpStatusCode.OK);

    static async Task ShouldBeOutAsync(Browser browser)
    {
        (await browser.GetAsync("/settings")).ShouldBe(HttpStatusCode.Redirect);
        (await browser.GetAsync("/")).ShouldBe(HttpStatusCode.OK).Text.ShouldContain("href=\"/sign-in\"");
    }
}
