using Pinfold.Sharding.Moving;
using Pinfold.Sharding.Topology;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Moving;

/// <summary>
/// What is proposed evens servers out, with no more moves than that takes; and nothing where all is well.
/// </summary>
public sealed class ShardBalanceTests(ITestOutputHelper output)
{
    [Fact]
    public void ANewServerGetsItsShare()
    {
        var (map, shards) = Fleet(("db1", 8, 100, 0), ("db2", 8, 100, 0), ("db3", 0, 0, 0));
        var report = ShardBalance.Reckon(map, shards);
        report.Servers.Select(server => (server.Server, server.Shards)).ShouldBe([("db1", 8), ("db2", 8), ("db3", 0)]);
        report.Proposals.Select(proposal => proposal.Command).ShouldAllBe(
            command => command.StartsWith("shard move ") && command.EndsWith("--to db3"));
        report.Proposals.Count.ShouldBe(2);
        After(map, shards, report).Values.Max().ShouldBeLessThanOrEqualTo((long)(1600 / 3.0 * 1.15));
        report.Proposals[0].Why.ShouldContain("50 % more than the mean");
    }

    [Fact]
    public void WhereAllIsWellNothingMoves()
    {
        var (map, shards) = Fleet(("db1", 8, 100, 5), ("db2", 8, 105, 5));
        ShardBalance.Reckon(map, shards).Proposals.ShouldBeEmpty();
        var (alone, its) = Fleet(("db1", 4, 100, 5));
        ShardBalance.Reckon(alone, its).Proposals.ShouldBeEmpty();
        var (empty, nothing) = Fleet(("db1", 4, 0, 0), ("db2", 0, 0, 0));
        ShardBalance.Reckon(empty, nothing).Proposals.ShouldBeEmpty();
    }

    [Fact]
    public void WhatGrowsCountsByWhatItWillHave()
    {
        // As large today; db1's are written, db2's are not.
        var (map, shards) = Fleet(("db1", 8, 100, 50), ("db2", 8, 100, 0));
        ShardBalance.Reckon(map, shards).Proposals.ShouldHaveSingleItem().Command.ShouldEndWith("--to db2");
    }

    [Fact]
    public void WhatIsClosedWhereThereIsRoomIsToBeOpened()
    {
        var (map, shards) = Fleet(("db1", 8, 100, 0), ("db2", 4, 10, 0));
        var closed = map.WithRanges(
            shards.Where(s => s.Server == "db2").Select(s => s.Shard).ToHashSet(),
            range => range with { Open = false });
        ShardBalance.Reckon(closed, shards).Proposals[0].Command.ShouldBe("shard open 8-11");
    }

    [Fact]
    public void NoServerIsFullerAfterThanTheFullestWasBefore()
    {
        var random = Seed.Take(output.WriteLine).NewRandom();
        for (var i = 0; i < 300; i++)
        {
            var (map, shards) = Fleet([.. Enumerable.Range(1, random.Next(1, 6)).Select(n =>
                ($"db{n}", random.Next(n == 1 ? 1 : 0, 12), random.Next(0, 1000), 0))]);
            var report = ShardBalance.Reckon(map, shards);
            var (before, after) = (
                map.Servers.Max(server => shards.Where(s => s.Server == server.Name).Sum(s => s.Bytes)),
                After(map, shards, report).Values.Max());
            after.ShouldBeLessThanOrEqualTo(before);
            if (report.Proposals.Any(proposal => proposal.Command.StartsWith("shard move")))
                after.ShouldBeLessThan(before);
        }
    }

    static Dictionary<string, long> After(TopologyMap map, IReadOnlyList<ShardWeight> shards, BalanceReport report)
    {
        var at = shards.ToDictionary(shard => shard.Shard, shard => shard.Server);
        foreach (var parts in report.Proposals.Select(p => p.Command.Split(' ')).Where(parts => parts[1] == "move"))
            foreach (var shard in ShardRuns.Parse(parts[2]))
                at[shard] = parts[4];
        return map.Servers.ToDictionary(server => server.Name, server =>
            shards.Where(shard => at[shard.Shard] == server.Name).Sum(shard => shard.Bytes));
    }

    static (TopologyMap Map, List<ShardWeight> Shards) Fleet(
        params (string Name, int Shards, int Bytes, double WritesPerDay)[] servers)
    {
        var (ranges, shards) = (new List<ShardRange>(), new List<ShardWeight>());
        foreach (var (name, count, bytes, writes) in servers)
        {
            if (count > 0)
                ranges.Add(new ShardRange(
                    new ShardId(shards.Count), new ShardId(shards.Count + count - 1), name));
            for (var i = 0; i < count; i++)
                shards.Add(new ShardWeight(new ShardId(shards.Count), name, bytes, bytes, 100, writes));
        }
        var specs = servers.Select(server => new SqliteServerSpec(server.Name, $"/{server.Name}"));
        return (TopologyMap.Create(1, shards.Count, specs, ranges), shards);
    }
}
