using System.Net;
using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>What a browser may keep of what it was sent.</summary>
public sealed class KeepingTests(ServedPlace served) : IClassFixture<ServedPlace>
{
    [Fact]
    public async Task NothingThatSomebodySeesWhoIsSignedInIsKept()
    {
        using var ann = await Browser.SignedUpAsync(served.Address, "ann");
        var (board, id) = await ann.MakeBoardAsync("Walls");
        foreach (var path in new[]
        {
            "/", "/ann", board, $"/boards/{id}/edit", "/settings", "/settings/sessions", "/new", "/search?q=walls",
            "/nobody-is-called-so", "/sign-in",
        })
            (await ann.GetAsync(path)).Headers["Cache-Control"].ShouldBe("no-store", path);
        (await ann.SendAsync(HttpMethod.Get, "/pin/12", accept: "application/json"))
            .Headers["Cache-Control"].ShouldContain("no-store");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/sign-in")]
    [InlineData("/nobody-is-called-so")]
    public async Task WhatEverybodySeesIsAskedForAnewAndMayComeBackAtOnce(string path)
    {
        using var anybody = new Browser(served.Address);
        (await anybody.GetAsync(path)).Headers["Cache-Control"].Split(", ").ShouldBe(
            ["private", "no-cache"], ignoreOrder: true);
    }

    [Fact]
    public async Task APictureThatNotEverybodyMaySeeIsNotKeptAndAPublicOneIs()
    {
        using var bea = await Browser.SignedUpAsync(served.Address, "bea");
        using var anybody = new Browser(served.Address);
        foreach (var isSecret in new[] { false, true })
        {
            var (_, board) = await bea.MakeBoardAsync(isSecret ? "Secret" : "Public", isSecret);
            var pin = await bea.PinAsync(board, TestPng.Solid(64, 64, 90, 120, (byte)(isSecret ? 1 : 2)), "A wall");
            var page = await bea.WaitForAsync($"/pin/{pin}", p => p.Contains($"/images/{pin}/"));
            var picture = page[page.IndexOf($"/images/{pin}/", StringComparison.Ordinal)..].Split('"', ' ', '?')[0];

            (await bea.GetAsync(picture)).ShouldBe(HttpStatusCode.OK).Headers["Cache-Control"].Split(", ")
                .ShouldBe(isSecret ? ["no-store"] : ["private", "max-age=86400", "immutable"], ignoreOrder: true);
            (await anybody.GetAsync(picture)).Status.ShouldBe(isSecret ? HttpStatusCode.NotFound : HttpStatusCode.OK);
        }
    }
}
