using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Commands;

public sealed class IdCommandTests
{
    [Fact]
    public async Task AnIdIsExplained()
    {
        var explained = (await PinfoldProgram.RunAsync(["id", "241294492511762325", "--json"])).ShouldEnd(0).Json;
        explained["shard"]!.GetValue<int>().ShouldBe(3429);
        explained["type"]!.GetValue<int>().ShouldBe(1);
        explained["local"]!.GetValue<long>().ShouldBe(7075733);
        explained["id"]!.GetValue<string>().ShouldBe("241294492511762325");
        (await PinfoldProgram.RunAsync(["id", "241294561224164665", "241294629943640797"]))
            .ShouldEnd(0).Out.ShouldContain("pinfold03429");
    }

    [Theory]
    [InlineData("pin")]
    [InlineData("-1")]
    [InlineData("99999999999999999999")]
    [InlineData("18446744073709551615")]
    [InlineData("0")]
    public async Task AWrongIdIsRefusedAndSaysWhatAnIdIs(string text) =>
        (await PinfoldProgram.RunAsync(["id", "--", text])).ShouldRefuse(2, text);

    [Theory]
    [InlineData("id")]
    [InlineData("ide", "1")]
    [InlineData("serve", "--dat", "x")]
    [InlineData("import", "bookmarks", "x.html")]
    public async Task AWrongCommandLineIsRefused(params string[] words) =>
        (await PinfoldProgram.RunAsync(words)).ShouldRefuse(2, "--help");

    [Fact]
    public async Task HelpGoesToTheOutputAndNamesEveryCommand()
    {
        var help = (await PinfoldProgram.RunAsync(["--help"])).ShouldEnd(0);
        foreach (var command in (string[])["serve", "id", "topology", "shard", "import", "user"])
            help.Out.ShouldContain(command);
        help.Error.ShouldBeEmpty();
    }
}
