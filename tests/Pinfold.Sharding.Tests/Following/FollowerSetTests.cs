using Pinfold.Sharding.Following;
using Pinfold.Sharding.Tests.Engines;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Following;

/// <summary>Processes that run different followers side by side, as an import beside a server.</summary>
public sealed class FollowerSetTests
{
    static readonly FollowerOptions Long = new()
    {
        Lease = TimeSpan.FromMinutes(10),
        Renew = TimeSpan.FromMilliseconds(300),
        Sweep = TimeSpan.FromDays(1),
    };

    [Theory, EveryEngine]
    public async Task AProcessThatImportsBesideOneThatServesTakesNoShardOfAFollowerThatItHasNot(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 8);
        var (serving, importing) = (fleet.NewStore(), fleet.NewStore());
        var (pictures, fetches) = (new Recorder("pictures"), new Recorder("fetches"));
        var server = await fleet.StartHostAsync(Long, [pictures, fetches], serving);
        await Eventually.BecomesAsync(() => server.FollowedShards("fetches").Count == 8, "the server follows all");

        var import = await fleet.StartHostAsync(Long, [pictures], importing);
        await Eventually.BecomesAsync(
            () => import.FollowedShards("pictures").Count == 4 && server.FollowedShards("pictures").Count == 4,
            "they share what both have");
        foreach (var shard in fleet.Shards)
            await Fleet.WriteAsync(importing, shard);
        await import.DrainAsync(["pictures", "fetches"]);

        server.FollowedShards("fetches").ShouldBe(fleet.Shards);
        fetches.Handled.Select(h => h.Shard).Order().ShouldBe(fleet.Shards);
        Should.Throw<PinfoldException>(() => import.FollowedShards("fetches")).Message.ShouldContain("pictures");
    }

    [Theory, EveryEngine]
    public async Task WhatWasWrittenWhileTheOtherProcessDidNotKnowOfTheNewFollowerIsFollowedWithoutASweep(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 4);
        var (serving, late) = (fleet.NewStore(), new Recorder("late") { StartsAtEnd = true });
        var server = await fleet.StartHostAsync(
            Long with { Renew = TimeSpan.FromSeconds(5) }, [new Recorder()], serving);
        await Eventually.BecomesAsync(() => server.FollowedShards("recorder").Count == 4, "the server follows all");

        var other = await fleet.StartHostAsync(Long, [late]);
        await Eventually.BecomesAsync(() => other.FollowedShards("late").Count == 4, "the other one's follower runs");
        foreach (var shard in fleet.Shards)
            await Fleet.WriteAsync(serving, shard); // the server believes that it is alone still

        await Eventually.BecomesAsync(() => late.Handled.Count == 4, "the other one's follower is given it");
    }
}
