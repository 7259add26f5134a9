using System.Net;
using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>Where people reach the service, as whoever runs it says.</summary>
public sealed class PublicAddressTests
{
    [Fact]
    public async Task LinksGoByThePublicAddressWhateverARequestSays()
    {
        await using var place = Place.Embedded();
        var board = await MakePublicBoardAsync(place);
        await using var served = await StartAsync(place, "--public-url", "https://pins.example.org:8443");

        foreach (var host in (string[])["pins.example.org:8443", "127.0.0.1", "evil.example"])
        {
            var page = await Wire.AskAsync(served.Address, $"GET {board} HTTP/1.0\r\nHost: {host}\r\n\r\n");
            page.Text.ShouldContain($"<link rel=\"canonical\" href=\"https://pins.example.org:8443{board}\">");
            page.Text.ShouldContain($"<meta property=\"og:url\" content=\"https://pins.example.org:8443{board}\">");
            page.Text.ShouldContain("<meta property=\"og:image\" content=\"https://pins.example.org:8443/images/");
            page.Text.ShouldContain("Strict-Transport-Security: ");
            page.Text.ShouldNotContain("evil");
            var form = await Wire.AskAsync(served.Address, $"GET /sign-in HTTP/1.0\r\nHost: {host}\r\n\r\n");
            form.Text.ShouldContain("; secure");
            form.Text.ShouldNotContain("evil");
        }
        (await Wire.AskAsync(served.Address, "GET / HTTP/1.0\r\nHost: a b\r\n\r\n")).Status.ShouldBe(400);
        (await Wire.AskAsync(served.Address, "GET /settings HTTP/1.0\r\nHost: evil.example\r\n\r\n"))
            .Text.ShouldContain("\r\nLocation: /sign-in?returnUrl=%2Fsettings\r\n");
    }

    [Fact]
    public async Task WithoutOneLinksGoByTheHostThatWasAsked()
    {
        await using var place = Place.Embedded();
        var board = await MakePublicBoardAsync(place);
        await using var served = await StartAsync(place);
        var page = await Wire.AskAsync(served.Address, $"GET {board} HTTP/1.0\r\nHost: pins.example:81\r\n\r\n");
        page.Text.ShouldContain($"<link rel=\"canonical\" href=\"http://pins.example:81{board}\">");
    }

    [Theory]
    [InlineData("--public-url", "pins.example.org", "https://pins.example.org")]
    [InlineData("--public-url", "ftp://pins.example.org", "https://pins.example.org")]
    [InlineData("--public-url", "https://", "https://pins.example.org")]
    [InlineData("--public-url", "https://me:word@pins.example.org/", "no user")]
    [InlineData("--public-url", "https://pins.example.org/?a", "no question mark")]
    [InlineData("--public-url", "https://pins.example.org/#a", "no fragment")]
    [InlineData("--public-url", "https://pins.example.org/a b", "looks like /pins")]
    [InlineData("--public-url", "https://pins.example.org/a//b", "looks like /pins")]
    [InlineData("--path-base", "pins", "looks like /pins")]
    [InlineData("--path-base", "/pins/../x", "looks like /pins")]
    [InlineData("--path-base", "//pins", "looks like /pins")]
    [InlineData("--path-base", "/ü", "looks like /pins")]
    [InlineData("--path-base", "/a?b", "looks like /pins")]
    public async Task WhatIsNoneIsRefusedInOneLine(string option, string value, string words)
    {
        await using var place = Place.Embedded();
        var refused = (await place.RunAsync("serve", "--urls", "http://127.0.0.1:0", option, value))
            .ShouldRefuse(2, option, words);
        refused.Error.TrimEnd().Split('\n').Length.ShouldBe(1, $"{refused}");
        refused.Error.ShouldNotContain("word@");
    }

    [Fact]
    public async Task TwoPathsThatDifferAreRefused()
    {
        await using var place = Place.Embedded();
        (await place.RunAsync("serve", "--public-url", "https://a.example/pins", "--path-base", "/other"))
            .ShouldRefuse(2, "/pins", "/other");
    }

    /// <summary>A board that anybody may see, with a picture on it.</summary>
    static async Task<string> MakePublicBoardAsync(Place place)
    {
        await using var plain = await Served.StartAsync(place);
        using var ann = await Browser.SignedUpAsync(plain.Address, "ann");
        var (path, id) = await ann.MakeBoardAsync("Bürds");
        await ann.PinAsync(id, TestPng.Solid(300, 200, 9, 8, 7), "A pin");
        await ann.WaitForAsync(path, page => page.Contains("og:image", StringComparison.Ordinal));
        (await plain.StopAsync()).Code.ShouldBe(0);
        return path;
    }

    static Task<Served> StartAsync(Place place, params string[] options) =>
        Served.StartAsync(place.Words(["serve", "--urls", "http://127.0.0.1:0", "--no-fetch", .. options]), null, null);
}
