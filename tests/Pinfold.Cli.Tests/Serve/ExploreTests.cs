using System.Net;
using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>Explore, from a real service.</summary>
public sealed class ExploreTests(ServedPlace served) : IClassFixture<ServedPlace>
{
    [Fact]
    public async Task WhatIsPinnedIsExploredByVisitorsAndWhatIsSecretIsNot()
    {
        using var mira = await Browser.SignedUpAsync(served.Address, "mira");
        using var anybody = new Browser(served.Address);
        (await anybody.GetAsync("/explore")).ShouldBe(HttpStatusCode.OK, "Explore");
        (await mira.GetAsync("/?show=following")).ShouldBe(HttpStatusCode.OK, "href=\"/explore\"", "See what there is");
        var (_, open) = await mira.MakeBoardAsync("Open");
        var (_, hidden) = await mira.MakeBoardAsync("Hidden", isSecret: true);
        var shown = await mira.PinAsync(open, TestPng.Solid(60, 40, 1, 2, 3), "A wall in the sun");
        await mira.PinAsync(hidden, TestPng.Solid(60, 40, 1, 2, 3), "Nobody knows this");

        var page = await anybody.WaitForAsync(
            "/explore", text => text.Contains("A wall in the sun", StringComparison.Ordinal));
        page.ShouldContain($"/pin/{shown}");
        page.ShouldNotContain("Nobody knows this");
        (await mira.GetAsync("/explore")).Text.ShouldNotContain("Nobody knows this");
        (await anybody.GetAsync("/")).ShouldBe(HttpStatusCode.OK, "A wall in the sun", "Explore more");
        (await anybody.GetAsync("/explore?cursor=x")).ShouldBe(HttpStatusCode.BadRequest, "Begin at the top.");
    }
}
