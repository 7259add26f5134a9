using Microsoft.Extensions.Time.Testing;
using Pinfold.Sharding.Catalog;
using Pinfold.Sharding.Hosting;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Tests.Following;
using Pinfold.Sharding.Topology;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Catalog;

/// <summary>Who serves is known to the catalog for as long as it lives.</summary>
public sealed class FleetProcessesTests
{
    static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    [Theory, EveryEngine]
    public async Task WhoTellsIsListedUntilItEnds(string engine)
    {
        await using var catalog = await TestCatalog.StartAsync(engine);
        await using var home = new CatalogHome(_ => Task.FromResult(catalog.OpenAgain()));
        var processes = new FleetProcesses(new FixedTopologySource(Map(4)), home);
        await catalog.SqlAsync("DELETE FROM {0}processes");
        var (one, two) = (Process("1", "a:1"), Process("2", "b:7") with { FormatMin = 1, FormatMax = 3 });
        await processes.TellAsync(two, Lease, default);
        await processes.TellAsync(one, Lease, default);
        await processes.TellAsync(one, Lease, default);
        (await processes.ListAsync()).ShouldBe([one with { TopologyVersion = 4 }, two with { TopologyVersion = 4 }]);
        await processes.TellAsync(two, TimeSpan.FromMilliseconds(-1), default);
        (await processes.ListAsync()).Select(p => p.Id).ShouldBe(["1"]);
        await processes.ForgetAsync("1", default);
        (await processes.ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task NothingIsMadeForIt()
    {
        await using var catalog = await TestCatalog.StartAsync(TestShards.Sqlite);
        await using var home = new CatalogHome(_ => Task.FromResult(catalog.OpenAgain()));
        await new FleetProcesses(new FixedTopologySource(Map(1)), home).TellAsync(Process("1", "a:1"), Lease, default);
        File.Exists(catalog.Database.Location).ShouldBeFalse();
    }

    [Fact]
    public async Task AServiceTellsOfItselfWhenTheCatalogAnswersAgain()
    {
        await using var catalog = await TestCatalog.StartAsync(TestShards.Sqlite);
        await catalog.SqlAsync("DELETE FROM {0}processes");
        var isDown = true;
        await using var home = new CatalogHome(_ => isDown
            ? throw new PinfoldException(ErrorKind.Unavailable, "down") : Task.FromResult(catalog.OpenAgain()));
        var processes = new FleetProcesses(new FixedTopologySource(Map(1)), home);
        var time = new FakeTimeProvider();
        using var service = new ProcessService(processes, time);
        await service.StartAsync(default);
        time.Advance(TimeSpan.FromMinutes(1));
        isDown = false;
        await Eventually.PassAsync(
            time, async () => (await processes.ListAsync()).Count == 1, "the process in the catalog");
        await service.StopAsync(default);
        (await processes.ListAsync()).ShouldBeEmpty();
    }

    static FleetProcess Process(string id, string name) => new(
        id, name, "1.2.3", 2, 2, 0, DateTimeOffset.FromUnixTimeMilliseconds(1_790_000_000_123));

    static TopologyMap Map(long version) => TopologyMap.Create(
        version, 8, [new SqliteServerSpec("a", "/a")], [new ShardRange(new ShardId(0), new ShardId(7), "a")],
        catalog: "a");
}
