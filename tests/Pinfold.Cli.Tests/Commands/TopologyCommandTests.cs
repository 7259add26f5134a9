using MySqlConnector;
using Pinfold.Cli.Tests.Running;
using Pinfold.Testing;
using Pinfold.Testing.Servers;
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

    [Fact]
    public async Task ServersThatAreSetTooSmallAreToldByHowMuch()
    {
        await using var server = await MariaDbServer.StartAsync(new DatabaseServerOptions
        {
            Arguments = ["--table-open-cache=400", "--table-definition-cache=500", "--innodb-open-files=1000"],
        });
        using var folder = new TempFolder("topology");
        var account = new MySqlConnectionStringBuilder(server.ConnectionString);
        await File.WriteAllTextAsync(folder["password"], account.Password);
        await File.WriteAllTextAsync(folder["right.json"], $$"""
            {
              "version": 1, "shardCount": 120,
              "servers": [ { "name": "db1", "engine": "mysql", "host": "127.0.0.1", "port": {{server.Port}},
                "user": "{{account.UserID}}", "passwordFile": "password", "tls": "none" } ],
              "shards": [ { "first": 0, "last": 119, "server": "db1", "epoch": 1 } ],
            }
            """);

        var told = await PinfoldProgram.RunAsync(["topology", "check", "--servers", folder["right.json"]]);
        told.ShouldEnd(2).Out.ShouldContain("db1: table_open_cache is 400, and 120 shards need 496: raise it by 96.");
        told.Out.ShouldNotContain("table_definition_cache");

        await server.ExecuteAsync("SET GLOBAL table_open_cache=496");
        (await PinfoldProgram.RunAsync(["topology", "check", "--servers", folder["right.json"]])).ShouldEnd(0).Out
            .ShouldContain("db1: set for the 120 shards of this topology.");
    }
}
