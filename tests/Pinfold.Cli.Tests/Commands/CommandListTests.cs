using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Commands;

/// <summary>What is said to somebody who typed nothing, or something that is not.</summary>
public sealed class CommandListTests
{
    static readonly string[] All =
    [
        "pinfold serve ", "pinfold id ", "pinfold topology check ", "pinfold topology show ", "pinfold shard list ",
        "pinfold shard create ", "pinfold import bookmarks ", "pinfold import pinterest ", "pinfold import images ",
        "pinfold user add ", "pinfold user reset-password ", "pinfold completion ",
    ];

    [Fact]
    public async Task NothingListsEverything()
    {
        var finished = (await PinfoldProgram.RunAsync([])).ShouldEnd(0);
        finished.Error.ShouldBeEmpty();
        foreach (var command in All)
            finished.Out.ShouldContain($"  {command}");
    }

    [Theory]
    [InlineData("srve", "\"pinfold serve\"")]
    [InlineData("SERVE", null)]
    [InlineData("improt", "\"pinfold import\"")]
    [InlineData("usre", "\"pinfold user\"")]
    [InlineData("bookmarks", "\"pinfold import bookmarks\"")]
    [InlineData("frobnicate", null)]
    public async Task AWordThatIsNoCommandListsEverythingAndWhatWasPerhapsMeant(string typed, string? meant)
    {
        var refused = (await PinfoldProgram.RunAsync([typed, "--data", "/nowhere"]))
            .ShouldRefuse(2, [$"There is no \"pinfold {typed}\".", .. All]);
        if (meant is null)
            refused.Error.ShouldNotContain("Did you mean");
        else
            refused.Error.ShouldContain($"Did you mean {meant}?");
    }

    [Fact]
    public async Task AVerbThatIsNoneListsThoseOfItsNoun()
    {
        (await PinfoldProgram.RunAsync(["user", "ad", "robin"]))
            .ShouldRefuse(2, "There is no \"pinfold user ad\". Did you mean \"pinfold user add\"?", "reset-password")
            .Error.ShouldNotContain("pinfold shard");
        (await PinfoldProgram.RunAsync(["shard"]))
            .ShouldRefuse(2, "\"pinfold shard\" needs one more word", "shard create");
    }
}
