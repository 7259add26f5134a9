using Microsoft.Extensions.Logging.Abstractions;
using Pinfold.Sharding.Catalog;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Tests.Following;
using Pinfold.Sharding.Topology;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Catalog;

/// <summary>Versions of the topology in the catalog, and processes that take them up.</summary>
public sealed class TopologyVersionsTests
{
    static readonly Authorship Robin = new("robin@here", "because");

    [Theory, EveryEngine]
    public async Task EachVersionFollowsOneOther(string engine)
    {
        await using var catalog = await TestCatalog.StartAsync(engine);
        var versions = new TopologyVersions(catalog.Database);
        (await versions.ReadNewestAsync(default)).ShouldBe(0);
        var (first, second) = (Map(1), Closed(Map(1), 0));
        await versions.PublishAsync(first, second, Robin, [], default);
        (await versions.ReadNewestAsync(default)).ShouldBe(2);
        var history = await versions.ListAsync(10, default);
        history.Select(v => v.Map.Version).ShouldBe([2, 1]);
        history[0].By.ShouldBe(Robin);
        history[0].Map.SameContentAs(second).ShouldBeTrue();
        history[1].Map.SameContentAs(first).ShouldBeTrue();

        var late = await Should.ThrowAsync<PinfoldException>(
            async () => await versions.PublishAsync(first, Closed(first, 3), Robin, [], default));
        late.Kind.ShouldBe(ErrorKind.Conflict);
        late.Message.ShouldContain("version 2 was published meanwhile");
    }

    [Theory, EveryEngine]
    public async Task OfTwoThatPublishAtOnceOneIsRefused(string engine)
    {
        await using var catalog = await TestCatalog.StartAsync(engine);
        await using var other = catalog.OpenAgain();
        var before = Map(1);
        for (var round = 0; round < 8; round++)
        {
            var map = before;
            var published = await Task.WhenAll(new[] { catalog.Database, other.Catalog }.Select((database, i) =>
                Task.Run(async () =>
                {
                    try
                    {
                        await new TopologyVersions(database).PublishAsync(
                            map, Weighted(map, (2 * round) + i + 2), Robin, [], default);
                        return true;
                    }
                    catch (PinfoldException e) when (e.Kind == ErrorKind.Conflict)
                    {
                        return false;
                    }
                })));
            published.Count(done => done).ShouldBe(1);
            before = (await new TopologyVersions(catalog.Database).ListAsync(1, default))[0].Map;
            before.Version.ShouldBe(map.Version + 1);
        }
    }

    [Theory, EveryEngine]
    public async Task AProcessTakesUpWhatAnotherPublishes(string engine)
    {
        await using var catalog = await TestCatalog.StartAsync(engine);
        using var folder = new TempFolder("copy");
        var copy = new LastKnownGoodCopy(Path.Combine(folder.Path, "copy.json"), NullLogger.Instance);
        var map = Map(1);
        await using var source = new CatalogTopologySource(
            map, copy, _ => Task.FromResult(catalog.OpenAgain()), TimeProvider.System, NullLogger.Instance);
        var changes = new List<TopologyChange>();
        source.Changed += changes.Add;
        (await source.RefreshAsync(default)).ShouldBe(map);

        var next = Closed(map, 5);
        await new TopologyVersions(catalog.Database).PublishAsync(map, next, Robin, [], default);
        await Eventually.BecomesAsync(() => source.Current.Version == 2, "version 2 in use");
        source.Current.Shard(new ShardId(5)).Open.ShouldBeFalse();
        await Eventually.BecomesAsync(() => changes.Count == 1, "the change told");
        await Eventually.BecomesAsync(() => copy.Find()?.Version == 2, "the copy");
        source.Problem.ShouldBeNull();
    }

    [Fact]
    public async Task WithoutItsCatalogAProcessGoesOnAndStarts()
    {
        using var folder = new TempFolder("copy");
        var path = Path.Combine(folder.Path, "copy.json");
        var copy = new LastKnownGoodCopy(path, NullLogger.Instance);
        copy.Write(Map(7));
        await using var source = (CatalogTopologySource)TopologySources.Open(
            Map(1), path, _ => throw new PinfoldException(ErrorKind.Unavailable, "nobody is there"),
            TimeProvider.System, NullLoggerFactory.Instance);
        (await source.RefreshAsync(default)).Version.ShouldBe(7);
        source.Problem.ShouldBe("nobody is there");
    }

    [Fact]
    public async Task WhateverTheCatalogEndsInItIsAskedAgain()
    {
        await using var catalog = await TestCatalog.StartAsync(TestShards.Sqlite);
        var map = Map(1);
        var isBroken = true;
        await using var source = new CatalogTopologySource(
            map, null, _ => isBroken ? throw new InvalidOperationException("nobody expected this")
                : Task.FromResult(catalog.OpenAgain()),
            TimeProvider.System, NullLogger.Instance);
        (await source.RefreshAsync(default)).ShouldBe(map);
        source.Problem.ShouldBe("nobody expected this");
        await new TopologyVersions(catalog.Database).PublishAsync(map, Closed(map, 5), Robin, [], default);
        isBroken = false;
        await Eventually.BecomesAsync(() => source.Current.Version == 2, "version 2 in use");
        source.Problem.ShouldBeNull();
    }

    [Theory, EveryEngine]
    public async Task ACatalogOfAnotherInstallationIsNotFollowed(string engine)
    {
        await using var catalog = await TestCatalog.StartAsync(engine);
        var others = TopologyMap.Create(
            1, 16, [new SqliteServerSpec("a", "/a")], [new ShardRange(new ShardId(0), new ShardId(15), "a")],
            catalog: "a");
        await new TopologyVersions(catalog.Database).PublishAsync(
            others, Weighted(others, 2), Robin, [], default);
        await using var source = new CatalogTopologySource(
            Map(1), null, _ => Task.FromResult(catalog.OpenAgain()), TimeProvider.System, NullLogger.Instance);
        (await source.RefreshAsync(default)).Version.ShouldBe(1);
        source.Problem.ShouldNotBeNull().ShouldContain("shardCount is 16");
    }

    [Fact]
    public void AFileThatNamesACatalogOnlyShowsTheWay()
    {
        using var folder = new TempFolder("file");
        var (file, copy) = (Path.Combine(folder.Path, "t.json"), Path.Combine(folder.Path, "copy.json"));
        File.WriteAllBytes(file, Map(3).ToJson().ToArray());
        Open().ShouldBe(3);
        File.WriteAllBytes(copy, Map(9).ToJson().ToArray());
        Open().ShouldBe(9);
        File.WriteAllText(file, "{");
        Open().ShouldBe(9);

        long Open()
        {
            var source = (CatalogTopologySource)TopologySources.Open(
                file, copy, _ => throw new PinfoldException(ErrorKind.Unavailable, "down"), TimeProvider.System,
                NullLoggerFactory.Instance);
            return source.Current.Version;
        }
    }

    static TopologyMap Map(long version) => TopologyMap.Create(
        version, 8, [new SqliteServerSpec("a", "/a")], [new ShardRange(new ShardId(0), new ShardId(7), "a")],
        catalog: "a");

    static TopologyMap Closed(TopologyMap map, int shard) =>
        map.WithRanges(new HashSet<ShardId> { new(shard) }, range => range with { Open = false });

    static TopologyMap Weighted(TopologyMap map, int weight) =>
        map.WithRanges(new HashSet<ShardId> { new(0) }, range => range with { Weight = weight });
}
