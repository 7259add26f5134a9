using MySqlConnector;
using Pinfold.Cli.Tests.Running;
using Pinfold.Testing.Servers;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>A server that is down is told of once, however many shards it has.</summary>
public sealed class ServerDownTests
{
    [Fact]
    public async Task TheLogNamesTheServerAndItsShardsOnce()
    {
        await using var database = await MariaDbServer.StartAsync();
        await using var place = Place.Embedded();
        var variables = await WriteTopologyAsync(place, database);
        await using var served = await Served.StartAsync(
            place.Words("serve", "--urls", "http://127.0.0.1:0", "--no-fetch", "--topology", place["topology.json"]),
            variables, null);
        using var ann = await Browser.SignedUpAsync(served.Address, "ann");
        await database.KillAsync();
        await served.WaitForLogAsync("db1", "shards 8-15", "does not serve the followers");
        await ann.WaitForAsync("/health/ready", text => text == "Degraded");
        var (_, log) = await served.StopAsync();

        log.Split('\n').Count(line => line.Contains("does not serve the followers")).ShouldBe(1, log);
        log.ShouldNotContain("could not go on with shard");
        log.ShouldNotContain("loop of the followers");
    }

    [Fact]
    public async Task AListOfShardsHasOneLineForIt()
    {
        await using var place = Place.Embedded();
        await File.WriteAllTextAsync(place["topology.json"], $$"""
            {
              "version": 1, "shardCount": 4096,
              "servers": [
                { "name": "here", "engine": "sqlite", "folder": "shards" },
                { "name": "gone", "engine": "mysql", "host": "127.0.0.1", "port": {{LoopbackPort.FindFree()}},
                  "user": "x" },
              ],
              "shards": [
                { "first": 0, "last": 1, "server": "here", "epoch": 1 },
                { "first": 2, "last": 4095, "server": "gone", "epoch": 1 },
              ],
            }
            """);
        var listed = (await place.RunAsync("shard", "list", "--topology", place["topology.json"])).ShouldEnd(5);
        listed.Out.Split('\n').Where(line => line.Contains("gone")).ShouldHaveSingleItem()
            .ShouldStartWith("Shards 2-4095 on gone: ");
        listed.Error.ShouldBeEmpty();
    }

    static async Task<Dictionary<string, string>> WriteTopologyAsync(Place place, MariaDbServer database)
    {
        var connection = new MySqlConnectionStringBuilder(database.ConnectionString);
        await File.WriteAllTextAsync(place["topology.json"], $$"""
            {
              "version": 1, "shardCount": 16,
              "servers": [
                { "name": "here", "engine": "sqlite", "folder": "shards" },
                { "name": "db1", "engine": "mysql", "host": "127.0.0.1", "port": {{database.Port}},
                  "user": "{{connection.UserID}}", "passwordEnv": "DB1_PASSWORD", "tls": "none" },
              ],
              "shards": [
                { "first": 0, "last": 7, "server": "here", "epoch": 1 },
                { "first": 8, "last": 15, "server": "db1", "epoch": 1 },
              ],
            }
            """);
        return new() { ["DB1_PASSWORD"] = connection.Password };
    }
}
