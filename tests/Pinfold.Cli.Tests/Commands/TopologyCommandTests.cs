using Pinfold.Cli.Tests.Running;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Commands;

public sealed class TopologyCommandTests
{
    [Fact]
    public async Task AGapIsToldWithItsLineAndItsRemedy()
    {
        using var folder = new TempFolder("topology");
        await File.WriteAllTextAsync(folder["gap.json"], """
            {
              "version": 1, "shardCount": 16,
              "servers": [ { "name": "here", "engine": "sqlite", "folder": "shards" } ],
              "shards": [
                { "first": 0, "last": 6, "server": "here", "epoch": 1 },
                { "first": 9, "last": 15, "server": "there", "epoch": 1 },
              ],
            }
            """);
        var refused = await PinfoldProgram.RunAsync(["topology", "check", folder["gap.json"]]);
        refused.ShouldRefuse(2, "gap.json", "7", "8", "there");
        refused.Error.ShouldContain("6", customMessage: "the line of the gap");
        (await PinfoldProgram.RunAsync(["serve", "--data", folder["data"], "--topology", folder["gap.json"]]))
            .ShouldRefuse(2, "gap.json");
    }

    [Fact]
    public async Task ARightTopologyIsSaidToBe()
    {
        using var folder = new TempFolder("topology");
        await File.WriteAllTextAsync(folder["right.json"], """
            {
              "version": 4, "shardCount": 16,
              "servers": [ { "name": "here", "engine": "sqlite", "folder": "shards" } ],
              "shards": [ { "first": 0, "last": 15, "server": "here", "epoch": 1 } ],
            }
            """);
        (await PinfoldProgram.RunAsync(["topology", "check", folder["right.json"]])).ShouldEnd(0).Out
            .ShouldContain("version 4");
        (await PinfoldProgram.RunAsync(["topology", "check", folder["none.json"]])).ShouldRefuse(3, "none.json");
    }
}
