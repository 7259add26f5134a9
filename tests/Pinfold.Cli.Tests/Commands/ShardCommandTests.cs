using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Pinfold.Cli.Tests.Running;
using Pinfold.Testing.Servers;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Commands;

public sealed class ShardCommandTests
{
    [Fact]
    public async Task ShardsAreListedAsTheirRowsSay()
    {
        await using var place = Place.Embedded();
        await place.AddUsersAsync("ann");
        var shards = (await place.RunAsync("shard", "list", "--json")).ShouldEnd(0).Json.AsArray();
        shards.Select(s => s!["shard"]!.GetValue<int>()).ShouldBe(Enumerable.Range(0, 16));
        shards.ShouldAllBe(s => s!["state"]!.GetValue<string>() == "open" && s["epoch"]!.GetValue<long>() == 1);
        (await place.RunAsync("shard", "list")).ShouldEnd(0).Out.ShouldContain("epoch");
        var map = JsonNode.Parse((await place.RunAsync("topology", "show", "--json")).ShouldEnd(0).Out)!;
        map["shards"].ShouldNotBeNull();
        (await place.RunAsync("topology", "show")).ShouldEnd(0).Out.ShouldContain("15");
    }

    [Fact]
    public async Task ACommandThatChangesSomethingTakesNoOtherInstallationThanTheOneThatItWasTold()
    {
        await using var place = Place.Embedded();
        static string Topology(string prefix) => $$"""
            { "version": 1, "shardCount": 2, "databasePrefix": "{{prefix}}",
              "servers": [ { "name": "here", "engine": "sqlite", "folder": "shards" } ],
              "shards": [ { "first": 0, "last": 1, "server": "here", "epoch": 1 } ] }
            """;
        var (one, other) = (place["one.json"], place["other.json"]);
        await File.WriteAllTextAsync(one, Topology("one"));
        await File.WriteAllTextAsync(other, Topology("other"));
        (await place.RunAsync("shard", "create", "--topology", one)).ShouldEnd(0);

        (await place.RunAsync("shard", "create", "--topology", other))
            .ShouldRefuse(2, "begin with \"one\"", "--topology");
        (await place.RunWithInputAsync($"{Place.Password}\n", "user", "add", "ben", "--topology", other))
            .ShouldRefuse(2, "begin with \"one\"", "--topology");
    }

    [Fact]
    public async Task AMissingShardIsNamedAndNothingIsPutInItsPlace()
    {
        await using var place = Place.Embedded();
        await place.AddUsersAsync("ann");
        Directory.GetFiles(Shards(place), "pinfold00007.db*").ToList().ForEach(File.Delete);
        (await place.RunAsync("serve", "--urls", "http://127.0.0.1:0")).ShouldRefuse(5, ": 7.", "pinfold shard create");
        (await place.RunWithInputAsync($"{Place.Password}\n", "user", "add", "ben")).ShouldRefuse(5, ": 7.");
        (await place.RunAsync("shard", "create", "--dry-run")).ShouldEnd(0).Out.ShouldContain("1 are missing: 7");
        File.Exists(ShardFile(place, 7)).ShouldBeFalse();
        (await place.RunAsync("shard", "create")).ShouldEnd(0).Out.ShouldContain("1 shards made, 15 were there");
        (await place.RunAsync("shard", "list")).ShouldEnd(0);
    }

    [Fact]
    public async Task AShardOfANewerVersionIsRefusedByName()
    {
        await using var place = Place.Embedded();
        await place.AddUsersAsync("ann");
        await ExecuteAsync(ShardFile(place, 3), "PRAGMA user_version=99; UPDATE shard SET format=99");
        var before = await File.ReadAllBytesAsync(ShardFile(place, 3));
        (await place.RunAsync("serve", "--urls", "http://127.0.0.1:0"))
            .ShouldRefuse(7, "pinfold00003", "newer program");
        (await place.RunWithInputAsync($"{Place.Password}\n", "user", "add", "ben"))
            .ShouldRefuse(7, "pinfold00003", "newer program");
        (await File.ReadAllBytesAsync(ShardFile(place, 3))).ShouldBe(before);
    }

    [Fact]
    public async Task AFileThatIsNoShardIsRefusedByName()
    {
        await using var place = Place.Embedded();
        await place.AddUsersAsync("ann");
        Directory.GetFiles(Shards(place), "pinfold00003.db-*").ToList().ForEach(File.Delete);
        var garbage = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("This is no database. ", 1000)));
        await File.WriteAllBytesAsync(ShardFile(place, 3), garbage);
        (await place.RunAsync("serve", "--urls", "http://127.0.0.1:0")).ShouldRefuse(7, "pinfold00003");
        (await File.ReadAllBytesAsync(ShardFile(place, 3))).ShouldBe(garbage);
    }

    [Fact]
    public async Task AStoppedServerIsNamed()
    {
        await using var place = Place.Embedded();
        var file = place["topology.json"];
        await File.WriteAllTextAsync(file, $$"""
            {
              "version": 1, "shardCount": 16,
              "servers": [
                { "name": "here", "engine": "sqlite", "folder": "{{place["shards"]}}" },
                { "name": "gone", "engine": "mysql", "host": "127.0.0.1", "port": {{LoopbackPort.FindFree()}},
                "user": "x" },
              ],
              "shards": [
                { "first": 0, "last": 7, "server": "here", "epoch": 1 },
                { "first": 8, "last": 15, "server": "gone", "epoch": 1 },
              ],
            }
            """);
        (await place.RunAsync("shard", "create", "--dry-run", "--topology", file)).ShouldRefuse(5, "gone");
        var listed = (await place.RunAsync("shard", "list", "--json", "--topology", file)).ShouldEnd(5);
        $"{listed}".ShouldContain("gone");
    }

    static string Shards(Place place) => Path.Combine(place.Data, "shards");

    static string ShardFile(Place place, int shard) => Path.Combine(Shards(place), $"pinfold{shard:D5}.db");

    static async Task ExecuteAsync(string file, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"{sql}; PRAGMA wal_checkpoint(TRUNCATE)";
        await command.ExecuteNonQueryAsync();
    }
}
