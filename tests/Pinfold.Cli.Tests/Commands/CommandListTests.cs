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

    [Theory]
    [InlineData("--versoin", "\"pinfold\" has no option --versoin. Did you mean --version?")]
    [InlineData("serve --url http://127.0.0.1:0", "\"pinfold serve\" has no option --url. Did you mean --urls?")]
    [InlineData("user list --dta=/x", "\"pinfold user list\" has no option --dta=/x. Did you mean --data?")]
    [InlineData("user list --colour", "\"pinfold user list\" has no option --colour.")]
    [InlineData("completion bsh", "'bsh'")]
    public async Task WhatIsWrongIsNamedInOneLine(string typed, string said)
    {
        var refused = (await PinfoldProgram.RunAsync(typed.Split(' '))).ShouldRefuse(2, said);
        refused.Error.TrimEnd().Split('\n').Length.ShouldBe(2, refused.Error);
        refused.Error.ShouldEndWith("Run it with --help to see what it takes.\n");
        if (!said.Contains("Did you mean", StringComparison.Ordinal))
            refused.Error.ShouldNotContain("Did you mean");
    }
}
