using CsCheck;
using Pinfold.Sharding.Caching.Memcached;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Caching.Memcached;

public sealed class RendezvousHashTests
{
    static readonly string[] Servers = [.. Enumerable.Range(0, 8).Select(i => $"10.0.0.{i}:11211")];
    static readonly string[] Keys = [.. Enumerable.Range(0, 20_000).Select(i => $"o:{241294492511762325 + i}")];

    [Fact]
    public void EachServerOwnsItsShareOfTheKeysAndStandsInForAsMany()
    {
        var hash = new RendezvousHash(Servers);
        var ranks = Keys.Select(hash.Rank).ToArray();
        foreach (var share in ranks.CountBy(rank => rank.Owner).Concat(ranks.CountBy(rank => rank.StandIn)))
            share.Value.ShouldBeInRange(2500 * 85 / 100, 2500 * 115 / 100);
    }

    [Fact]
    public void OwnerAndStandInAreTwo()
    {
        var hash = new RendezvousHash(Servers);
        Keys.Select(hash.Rank).ShouldAllBe(rank => rank.Owner != rank.StandIn && rank.StandIn >= 0);
    }

    [Fact]
    public void AServerAloneHasNoStandIn() => new RendezvousHash(["a:1"]).Rank("key").ShouldBe((0, -1));

    [Fact]
    public void TheOrderInWhichServersAreNamedDoesNotMatter() =>
        Gen.Shuffle(Servers).Sample(shuffled =>
        {
            var (hash, other) = (new RendezvousHash(Servers), new RendezvousHash(shuffled));
            foreach (var key in Keys.Take(100))
                shuffled[other.Rank(key).Owner].ShouldBe(Servers[hash.Rank(key).Owner]);
        }, iter: 50);

    [Fact]
    public void WithoutAServerItsKeysGoToTheirStandInAndAllOthersStay()
    {
        var (all, fewer) = (new RendezvousHash(Servers), new RendezvousHash(Servers[..^1]));
        foreach (var key in Keys)
        {
            var (owner, standIn) = all.Rank(key);
            fewer.Rank(key).Owner.ShouldBe(owner == Servers.Length - 1 ? standIn : owner);
        }
    }

    /// <summary>Processes of several versions share servers: these figures must never change.</summary>
    [Fact]
    public void TheHashIsTheSameInEveryVersion()
    {
        var hash = new RendezvousHash(Servers);
        string.Concat(Keys.Take(20).Select(key => hash.Rank(key).Owner)).ShouldBe("21545023122063374462");
    }
}
