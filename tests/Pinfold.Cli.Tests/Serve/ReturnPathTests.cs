using System.Net;
using System.Text;
using Pinfold.Cli.Tests.Running;
using Pinfold.Pinboard.Web;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>Where somebody is sent on to, as a link or a form says.</summary>
public sealed class ReturnPathTests(ServedPlace served, ITestOutputHelper output) : IClassFixture<ServedPlace>
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/ann/birds?section=5&x=%20#top", "/ann/birds?section=5&x=%20#top")]
    [InlineData("/ü", "/%C3%BC")]
    [InlineData("/鳥/🐦", "/%E9%B3%A5/%F0%9F%90%A6")]
    [InlineData("/a b\"<>`{|}^", "/a%20b%22%3C%3E%60%7B%7C%7D%5E")]
    [InlineData("/100%", "/100%25")]
    [InlineData("/%zz", "/%25zz")]
    [InlineData("/ann//b", "/ann//b")]
    [InlineData("/...", "/...")]
    [InlineData("/a.b?../..", "/a.b?../..")]
    public void APathOfThisSiteIsWrittenInAscii(string path, string written) => LocalPath.Of(path).ShouldBe(written);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("//elsewhere.example")]
    [InlineData("///elsewhere.example")]
    [InlineData("/\\elsewhere.example")]
    [InlineData("/a\\..\\..\\elsewhere")]
    [InlineData("\\\\elsewhere.example")]
    [InlineData("https://elsewhere.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("elsewhere")]
    [InlineData(" /a")]
    [InlineData("/\t/elsewhere.example")]
    [InlineData("/a\r\nSet-Cookie: a=b")]
    [InlineData("/a\u0085b")]
    [InlineData("/a%0d%0aSet-Cookie:%20a=b")]
    [InlineData("/%09/elsewhere.example")]
    [InlineData("/a%7f")]
    [InlineData("/..//elsewhere.example")]
    [InlineData("/ann/../../elsewhere")]
    [InlineData("/%2e%2E/elsewhere")]
    [InlineData("/.%2e/elsewhere")]
    [InlineData("/ann/.")]
    public void WhatLeadsAwayIsNoPathOfThisSite(string? path) => LocalPath.Of(path).ShouldBeNull();

    [Fact]
    public void HalfACharacterIsNoFault()
    {
        LocalPath.Of("/\ud800x").ShouldBe("/%EF%BF%BDx");
        LocalPath.Of("/x\udc00").ShouldBe("/x%EF%BF%BD");
    }

    [Fact]
    public void WhatIsTooLongIsNoPathOfThisSite()
    {
        LocalPath.Of("/" + new string('a', LocalPath.LengthMax - 1)).ShouldNotBeNull();
        LocalPath.Of("/" + new string('a', LocalPath.LengthMax)).ShouldBeNull();
        LocalPath.Of("/" + new string('ü', LocalPath.LengthMax / 2)).ShouldBeNull();
    }

    [Fact]
    public void WhateverIsGivenStaysHereAndIsAHeader()
    {
        var random = Seed.Take(output.WriteLine).NewRandom();
        var site = new Uri("http://pins.example");
        string[] pieces =
        [
            "/", "\\", ".", "..", "%", "%2e", "%2F", "%5c", "%0a", "\n", "ü", "\ud83d", "\udc26", "a", "?", "#", "@",
            ":", " ",
        ];
        for (var round = 0; round < 20_000; round++)
        {
            var path = new StringBuilder("/");
            for (var length = random.Next(12); length > 0; length--)
                path.Append(pieces[random.Next(pieces.Length)]);
            if (LocalPath.Of(path.ToString()) is not { } written)
                continue;
            written.All(c => c is > ' ' and < '\x7f').ShouldBeTrue(written);
            new Uri(site, written).Host.ShouldBe(site.Host, written);
            LocalPath.Of(written).ShouldBe(written, "once more, it is the same");
        }
    }

    [Theory]
    [InlineData("%2F%C3%BC", "/%C3%BC")]
    [InlineData("%2F%ED%A0%80", null)]
    [InlineData("%2F%2Felsewhere.example", "/")]
    [InlineData("%2Fa%0D%0AX-Own%3A%201", "/")]
    [InlineData("%2F%25%C3", null)]
    public async Task WhoIsSignedInIsSentOnWithoutAFault(string returnUrl, string? location)
    {
        using var ann = await Browser.SignedUpAsync(served.Address, $"ann-{Guid.NewGuid():N}"[..20]);
        var answer = (await ann.GetAsync($"/sign-in?returnUrl={returnUrl}")).ShouldBe(HttpStatusCode.Redirect);
        if (location is not null)
            answer.Location.ShouldBe(location);
        answer.Headers.ShouldNotContainKey("X-Own");
    }

    [Theory]
    [InlineData("/ü", "/%C3%BC")]
    [InlineData("/a\r\nb", "/")]
    [InlineData("//elsewhere.example", "/")]
    public async Task FormsThatGoOnSomewhereGoOnHere(string path, string location)
    {
        using var anybody = new Browser(served.Address);
        (await anybody.PostAsync("/sign-up", new() { ["to"] = "dark", ["return"] = path }, to: "/theme"))
            .ShouldBe(HttpStatusCode.Redirect).Location.ShouldBe(location);
    }

    [Fact]
    public async Task AnIdThatIsWrittenOddlyIsNoFaultInAHeader()
    {
        using var ben = await Browser.SignedUpAsync(served.Address, "ben");
        foreach (var id in (string[])["%C3%BC", "+5", "%205", "%D9%A5", "5%0A", "..%2F..%2F"])
            foreach (var path in (string[])[$"/pin/{id}/retry", $"/import/{id}/stop", $"/boards/{id}/delete"])
                ((int)(await ben.PostAsync("/settings", [], to: path)).Status).ShouldBeInRange(300, 499, path);
    }

    [Fact]
    public async Task AnAddressThatNeedsASignInComesBackAfterIt()
    {
        using var anybody = new Browser(served.Address);
        var asked = (await anybody.GetAsync("/new?url=https%3A%2F%2Fa.example%2F%C3%BC"))
            .ShouldBe(HttpStatusCode.Redirect);
        asked.Location.ShouldBe("/sign-in?returnUrl=%2Fnew%3Furl%3Dhttps%253A%252F%252Fa.example%252F%25C3%25BC");
        using var cleo = await Browser.SignedUpAsync(served.Address, "cleo");
        (await cleo.GetAsync(asked.Location!)).Location.ShouldBe("/new?url=https%3A%2F%2Fa.example%2F%C3%BC");
    }
}
