using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Commands;

/// <summary>The map is changed by operations that are planned, kept, and shown.</summary>
public sealed class OperationCommandTests
{
    [Fact]
    public async Task ShardsAreClosedAndOpenedForNewOwners()
    {
        await using var place = Place.Embedded();
        await place.AddUsersAsync("ann");
        var planned = (await place.RunAsync("shard", "close", "3-5", "--dry-run")).ShouldEnd(0);
        planned.Out.ShouldContain("This would close shards 3-5 for new owners; nothing was done.");
        (await place.RunAsync("operation", "list", "--all")).ShouldEnd(0).Out.ShouldContain("No operation");

        var closed = (await place.RunAsync("shard", "close", "3-5", "--why", "they are full", "--json"))
            .ShouldEnd(0).Json;
        closed["state"]!.GetValue<string>().ShouldBe("done");
        var id = closed["id"]!.GetValue<string>();
        (await place.RunAsync("topology", "show", "--json")).ShouldEnd(0).Json["version"]!.GetValue<int>()
            .ShouldBe(2);
        var history = (await place.RunAsync("topology", "history", "--json")).ShouldEnd(0).Json.AsArray();
        history.Count.ShouldBe(2);
        history[0]!["operation"]!.GetValue<string>().ShouldBe(id);
        var difference = (await place.RunAsync("topology", "diff", "1")).ShouldEnd(0).Out;
        difference.ShouldContain("\"first\":3,\"last\":5");
        difference.ShouldContain("\"open\":false");

        (await place.RunAsync("shard", "close", "3-5")).ShouldRefuse(2, "closed for new owners already");
        (await place.RunAsync("shard", "close", "5-3")).ShouldRefuse(2, "5-3");
        (await place.RunAsync("shard", "close", "3-99")).ShouldRefuse(3, "99");
        (await place.RunAsync("shard", "open", "4")).ShouldEnd(0);
        var shown = (await place.RunAsync("operation", "show", id)).ShouldEnd(0).Out;
        shown.ShouldContain("they are full");
        shown.ShouldContain("publish");
        (await place.RunAsync("operation", "resume", id)).ShouldRefuse(4, "has ended");
        (await place.RunAsync("operation", "cancel", id)).ShouldRefuse(4, "has ended");
        (await place.RunAsync("operation", "pause", "nothing")).ShouldRefuse(3, "nothing");
        (await place.RunAsync("operation", "list", "--all", "--json")).ShouldEnd(0).Json.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task AServerIsAddedWhenItCanHaveShards()
    {
        await using var place = Place.Embedded();
        await place.AddUsersAsync("ann");
        (await place.RunAsync("server", "add", "more", "--folder", place["more"])).ShouldEnd(0);
        var servers = (await place.RunAsync("server", "list", "--json")).ShouldEnd(0).Json.AsArray();
        servers.Select(s => s!["name"]!.GetValue<string>()).ShouldBe(["embedded", "more"]);
        servers[0]!["hasCatalog"]!.GetValue<bool>().ShouldBeTrue();
        servers[0]!["shards"]!.GetValue<int>().ShouldBe(16);

        (await place.RunAsync("server", "add", "more", "--folder", place["other"])).ShouldRefuse(4, "more");
        (await place.RunAsync("server", "add", "db1")).ShouldRefuse(2, "--address");
        (await place.RunAsync("server", "add", "db1", "--address", "127.0.0.1:x")).ShouldRefuse(2, "127.0.0.1:x");
        var silent = (await place.RunAsync("server", "add", "db1", "--address", "127.0.0.1:1")).ShouldRefuse(5, "db1");
        silent.Error.ShouldContain("operation show");
        var left = (await place.RunAsync("operation", "list", "--json")).ShouldEnd(0).Json[0]!["id"]!
            .GetValue<string>();
        (await place.RunAsync("server", "add", "db1", "--address", "127.0.0.1:1")).ShouldRefuse(4, left);
        (await place.RunAsync("operation", "cancel", left)).ShouldEnd(0);
        (await place.RunAsync("server", "remove", "embedded")).ShouldRefuse(4, "16 shards");
        (await place.RunAsync("server", "remove", "more")).ShouldEnd(0);
        (await place.RunAsync("server", "remove", "more")).ShouldRefuse(3, "more");
        (await place.RunAsync("operation", "list")).ShouldEnd(0).Out.ShouldContain("No operation is under way");
    }

    [Fact]
    public async Task AServiceTakesUpWhatACommandPublishes()
    {
        await using var place = Place.Embedded();
        await using var served = await Served.StartAsync(place);
        (await place.RunAsync("shard", "close", "0-14")).ShouldEnd(0);
        await served.WaitForLogAsync("Topology version 2 is in use");
        await WaitForProcessAsync(place, count: 1, version: 2);
        (await served.StopAsync()).Code.ShouldBe(0);
        await WaitForProcessAsync(place, count: 0, version: 2);
    }

    [Fact]
    public async Task AMapIsExportedAndImported()
    {
        await using var place = Place.Embedded();
        await place.AddUsersAsync("ann");
        var exported = (await place.RunAsync("topology", "export")).ShouldEnd(0).Out;
        await File.WriteAllTextAsync(place["map.json"], exported.Replace("\"open\":true", "\"open\":true,\"weight\":3")
            .Replace(",\"weight\":1", ""));
        (await place.RunAsync("topology", "import", place["map.json"], "--why", "heavier")).ShouldEnd(0).Out
            .ShouldContain("Version 2 is in use.");
        (await place.RunAsync("topology", "import", place["map.json"])).ShouldEnd(0).Out
            .ShouldContain("says the same");
        await File.WriteAllTextAsync(place["map.json"], exported.Replace("\"shardCount\": 16", "\"shardCount\": 15")
            .Replace("\"nameShards\": 16", "\"nameShards\": 15").Replace("\"last\":15", "\"last\":14"));
        (await place.RunAsync("topology", "import", place["map.json"])).ShouldRefuse(2, "shardCount is 15");
        await File.WriteAllTextAsync(place["map.json"], exported.Replace("\"catalog\": \"embedded\"",
            "\"catalog\": \"db9\""));
        (await place.RunAsync("topology", "import", place["map.json"])).ShouldRefuse(2, "db9");
    }

    [Fact]
    public async Task AFileWithoutACatalogIsChangedByHand()
    {
        await using var place = Place.Embedded();
        place.TopologyFile = place["map.json"];
        await File.WriteAllTextAsync(place["map.json"], $$"""
            {
              "version": 1, "shardCount": 4,
              "servers": [ { "name": "here", "engine": "sqlite", "folder": "{{place["shards"]}}" } ],
              "shards": [ { "first": 0, "last": 3, "server": "here", "epoch": 1 } ],
            }
            """);
        (await place.RunAsync("shard", "create")).ShouldEnd(0);
        (await place.RunAsync("shard", "close", "1")).ShouldRefuse(2, "\"catalog\": \"here\"");
        (await place.RunAsync("topology", "history")).ShouldRefuse(2, "\"catalog\": \"here\"");
    }

    /// <summary>A service tells the catalog every ten seconds that it lives, and which map it uses.</summary>
    static async Task WaitForProcessAsync(Place place, int count, int version)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            var listed = (await place.RunAsync("process", "list", "--json")).ShouldEnd(0).Json.AsArray();
            if (listed.Count == count && listed.All(p => p!["topologyVersion"]!.GetValue<int>() == version))
                return;
            limit.IsCancellationRequested.ShouldBeFalse($"{listed}");
            await Task.Delay(500);
        }
    }
}
