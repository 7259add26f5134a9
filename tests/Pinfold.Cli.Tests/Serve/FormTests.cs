using System.Net;
using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

public sealed class FormTests(ServedPlace served) : IClassFixture<ServedPlace>
{
    const HttpStatusCode Unprocessable = HttpStatusCode.UnprocessableEntity;

    [Fact]
    public async Task APersonSignsUpOutAndIn()
    {
        using var browser = await Browser.SignedUpAsync(served.Address, "Anna");
        (await browser.GetAsync("/settings")).ShouldBe(HttpStatusCode.OK, "anna");
        (await browser.PostAsync("/settings", [], to: "/sign-out")).ShouldBe(HttpStatusCode.Redirect);
        (await browser.GetAsync("/settings")).ShouldBe(HttpStatusCode.Redirect).Location!.ShouldContain("/sign-in");

        (await browser.PostAsync("/sign-in", new() { ["name"] = "anna", ["password"] = "a wrong password" }))
            .ShouldBe(Unprocessable, "do not go together");
        (await browser.PostAsync("/sign-in", new() { ["name"] = "nobody", ["password"] = "a wrong password" }))
            .ShouldBe(Unprocessable, "do not go together");
        (await browser.PostAsync("/sign-in", new()
        {
            ["name"] = "anna",
            ["password"] = Place.Password,
            ["return"] = "//elsewhere.example/",
        })).ShouldBe(HttpStatusCode.Redirect).Location.ShouldBe("/");
        (await browser.GetAsync("/settings")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task ASignUpThatIsNotRightSaysWhatWouldBe()
    {
        using var browser = await Browser.SignedUpAsync(served.Address, "bert");
        using var other = new Browser(served.Address);
        Dictionary<string, string> Fields(string name, string email, string password) =>
            new() { ["username"] = name, ["email"] = email, ["password"] = password };
        (await other.PostAsync("/sign-up", Fields("BERT", "b@mail.example", Place.Password)))
            .ShouldBe(Unprocessable, "taken");
        (await other.PostAsync("/sign-up", Fields("bertha", "bert@mail.example", Place.Password)))
            .ShouldBe(Unprocessable);
        (await other.PostAsync("/sign-up", Fields("bertha", "b@mail.example", "short"))).ShouldBe(Unprocessable, "10");
        (await other.PostAsync("/sign-up", Fields("b", "b@mail.example", Place.Password)))
            .ShouldBe(Unprocessable, "3 to 30");
        (await other.PostAsync("/sign-up", Fields("../bertha", "no address", Place.Password)))
            .ShouldBe(Unprocessable, "email");
        (await other.PostAsync("/sign-up", Fields("bertha", "b@mail.example", new string('p', 5000))))
            .ShouldBe(Unprocessable, "128");
        (await other.PostAsync("/sign-up", Fields("settings", "b@mail.example", Place.Password)))
            .ShouldBe(Unprocessable, "taken");
        (await browser.GetAsync("/bertha")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task ABoardNameOfTenThousandCharactersMakesNothing()
    {
        using var browser = await Browser.SignedUpAsync(served.Address, "carla");
        (await browser.PostAsync("/boards/new", new() { ["name"] = new string('n', 10_000) })).ShouldBe(Unprocessable);
        (await browser.PostAsync("/boards/new", new() { ["name"] = " " })).ShouldBe(Unprocessable);
        await using var opened = await served.Place.OpenAsync();
        (await Holdings.OfAsync(opened, "carla")).ShouldBe(["boards made 0", "pins 0, imported 0"]);
        var (path, _) = await browser.MakeBoardAsync("Grüße & <b>Küsse</b>");
        (await browser.GetAsync(path)).ShouldBe(HttpStatusCode.OK, "Grüße & <b>Küsse</b>")
            .Text.ShouldNotContain("<b>Küsse");
    }

    [Fact]
    public async Task AFormWithoutItsTokenIsRefused()
    {
        using var browser = await Browser.SignedUpAsync(served.Address, "dora");
        using var form = new FormUrlEncodedContent([new("name", "A board")]);
        (await browser.SendAsync(HttpMethod.Post, "/boards/new", form)).ShouldBe(HttpStatusCode.BadRequest, "reload");
        using var forged = new FormUrlEncodedContent([new("name", "A board"), new("__RequestVerificationToken",
            "CfDJ8AAAA")]);
        (await browser.SendAsync(HttpMethod.Post, "/boards/new", forged)).ShouldBe(HttpStatusCode.BadRequest, "reload");
        using var file = new MultipartFormDataContent { { new ByteArrayContent(TestPng.Solid(9, 9, 1, 2, 3)), "file",
            "a.png" } };
        (await browser.SendAsync(HttpMethod.Post, "/import", file)).ShouldBe(HttpStatusCode.BadRequest);
        using var nothing = new FormUrlEncodedContent([]);
        (await browser.SendAsync(HttpMethod.Post, "/sign-out", nothing)).ShouldBe(HttpStatusCode.BadRequest);
        (await browser.GetAsync("/settings")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task AnAddressOfThisMachineIsRefusedByName()
    {
        await using var place = Place.Embedded();
        await using var fetching = await Served.StartAsync(place.Words("serve", "--urls", "http://127.0.0.1:0"),
            null, null);
        using var browser = await Browser.SignedUpAsync(fetching.Address, "emil");
        foreach (var address in (string[])["http://127.0.0.1/", "http://[::1]/", "http://0x7f000001/",
            "http://[::ffff:127.0.0.1]/", "http://localhost/"])
            (await browser.GetAsync($"/new/preview?url={Uri.EscapeDataString(address)}"))
                .Status.ShouldBeOneOf([HttpStatusCode.BadRequest, HttpStatusCode.Forbidden], address);
        (await browser.GetAsync("/new/preview?url=ftp%3A%2F%2Fhost.example")).ShouldBe(HttpStatusCode.BadRequest);

    }

    [Fact]
    public async Task WhyThereIsNoPictureIsToldToThePinsOwnerAlone()
    {
        const string reason = "only addresses of the public internet are fetched";
        await using var place = Place.Embedded();
        await using var fetching = await Served.StartAsync(place.Words("serve", "--urls", "http://127.0.0.1:0"),
            null, null);
        using var owner = await Browser.SignedUpAsync(fetching.Address, "emil");
        using var anybody = new Browser(fetching.Address);
        var made = await owner.PinAddressAsync("http://127.0.0.1/a.png", "new", "Here");
        made.ShouldBe(HttpStatusCode.Redirect);

        var page = WebUtility.HtmlDecode(await owner.WaitForAsync(made.Location!,
            page => WebUtility.HtmlDecode(page).Contains(reason, StringComparison.Ordinal)));

        page.ShouldContain("There is no picture.</b> 127.0.0.1 is", customMessage: "the reason names the address");
        page.ShouldContain("Try again");
        (await anybody.GetAsync(made.Location!)).ShouldBe(HttpStatusCode.OK, "tile-title")
            .Words.ShouldNotContain(reason);
        (await anybody.GetAsync("/emil")).ShouldBe(HttpStatusCode.OK, "tile-title").Words.ShouldNotContain(reason);
    }
}
