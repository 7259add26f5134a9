using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>The front page as a visitor sees it, on an installation where nobody looked at it before.</summary>
public sealed class LandingTests(ServedPlace served) : IClassFixture<ServedPlace>
{
    [Fact]
    public async Task TheFrontPageMayBeFoundAndShowsWhatWasPinned()
    {
        using var vidar = await Browser.SignedUpAsync(served.Address, "vidar");
        var (_, board) = await vidar.MakeBoardAsync("Fjords");
        var pin = await vidar.PinAsync(board, TestPng.Solid(61, 41, 1, 2, 3), "A fjord at noon");
        using var anybody = new Browser(served.Address);
        var page = await anybody.WaitForAsync(
            "/", text => text.Contains($"pin-{pin}", StringComparison.Ordinal));
        page.ShouldNotContain("content=\"noindex\"");
        page.ShouldContain("name=\"description\"");
        (await anybody.GetAsync("/sign-in")).Text.ShouldContain("content=\"noindex\"");
    }
}
