using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Hosting;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Tests.Engines;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Following;

/// <summary>A rolling upgrade: a newer program writes entries of kinds that this one does not know.</summary>
public sealed class NewerEntryTests
{
    const string Newer = "UPDATE journal SET entries='[{\"k\":\"like\",\"i\":\"x\"}]' WHERE seq=2";
    const string Known = "UPDATE journal SET entries='[]' WHERE seq=2";

    static readonly ShardId Shard = new(0);

    static readonly FollowerOptions Long =
        new() { Lease = TimeSpan.FromMinutes(10), Renew = TimeSpan.FromMilliseconds(300) };

    [Fact]
    public void AnEntryOfAnUnknownKindIsNewerAndNotCorrupt()
    {
        var row = new JournalRow(7, default, default, 0, """[{"k":"like"}]"""u8.ToArray());

        var error = Should.Throw<NewerEntryException>(() => JournalCodec.Decode(Shard, row));

        (error.Kind, error.EntryKind).ShouldBe((ErrorKind.Unavailable, "like"));
        error.Message.ShouldContain("Transaction 7 of shard 0");
    }

    [Fact]
    public async Task ItWaitsAtTheCursorIsReportedAndNotParked()
    {
        await using var fleet = await Fleet.StartAsync(TestShards.Sqlite, shards: 2);
        var (store, follower) = (fleet.NewStore(), new Recorder("waits"));
        using var measured = new Measured("waits");
        for (var i = 0; i < 3; i++)
            await Fleet.WriteAsync(store, Shard);
        await fleet.SqlAsync(Shard, Newer);

        var host = await fleet.StartHostAsync(Long, [follower], store);
        await Eventually.BecomesAsync(
            () => host.Waiting.Any(w => w.Follower == "waits") && !host.FollowedShards("waits").Contains(Shard),
            "the shard is left to others");

        host.Waiting.Where(w => w.Follower == "waits").ShouldBe([new WaitingFollower("waits", Shard, 2, "like")]);
        measured["pinfold.follower.waiting"].ShouldBe(1);
        follower.Of(Shard).ShouldBe([1]);
        (await fleet.CursorAsync(store, Shard, "waits")).ShouldBe(1);
        (await host.Parked.ListAsync()).ShouldBeEmpty();
        host.FollowedShards("waits").ShouldBe([new ShardId(1)]);
        using var check = new ShardsHealthCheck(store, host);
        var health = await check.CheckHealthAsync(new HealthCheckContext());
        health.Status.ShouldBe(HealthStatus.Degraded);
        health.Description!.ShouldContain("waits at 2 of shard 0 (entry of kind \"like\")");
    }

    [Fact]
    public async Task NobodyWaitsForItUntilItIsHandled()
    {
        await using var fleet = await Fleet.StartAsync(TestShards.Sqlite, shards: 2);
        var (store, follower) = (fleet.NewStore(), new Recorder());
        for (var i = 0; i < 3; i++)
            await Fleet.WriteAsync(store, Shard);
        await fleet.SqlAsync(Shard, Newer);
        var host = await fleet.StartHostAsync(Long, [follower], store);
        await Fleet.WriteAsync(store, new ShardId(1));

        await host.DrainAsync().WaitAsync(TimeSpan.FromMinutes(1));

        follower.Of(new ShardId(1)).ShouldBe([1]);
        host.Waiting.Select(w => w.Seq).ShouldAllBe(seq => seq == 2);
    }

    [Fact]
    public async Task ItGoesOnWhenItCanBeReadAgain()
    {
        await using var fleet = await Fleet.StartAsync(TestShards.Sqlite, shards: 1);
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000));
        var (store, follower) = (fleet.NewStore(time), new Recorder());
        for (var i = 0; i < 3; i++)
            await Fleet.WriteAsync(store, Shard);
        await fleet.SqlAsync(Shard, Newer);
        var host = await fleet.StartHostAsync(Long, [follower], store);
        await Eventually.PassAsync(time, () => host.FollowedShards("recorder").Count == 0 && host.Waiting.Count > 0,
            "it waits");

        await fleet.SqlAsync(Shard, Known); // as if this program had learned it
        time.Advance(UnableShards.LookAgainAfter);
        await Eventually.PassAsync(time, () => follower.Of(Shard).Contains(3), "it goes on");

        follower.Of(Shard).ShouldBe([1, 2, 3]);
        await Eventually.PassAsync(time, () => host.Waiting.Count == 0, "nothing is reported any more");
    }

    [Theory, EveryEngine]
    public async Task AProcessThatCanGoOnTakesBeyondItsShareWhatAnotherCannot(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 4);
        var (store, none) = (fleet.NewStore(), CancellationToken.None);
        var older = Guid.NewGuid();
        foreach (var first in new[] { new ShardId(0), new ShardId(3) })
            await (await fleet.CoordinationAsync(store, first)).RenewAsync(
                older, "older", "recorder=0-1, 3", TimeSpan.FromMinutes(10), none);

        var newer = await fleet.StartHostAsync(Long, [new Recorder()]);

        await Eventually.BecomesAsync(
            () => new ShardId[] { new(0), new(1), new(3) }.All(newer.FollowedShards("recorder").Contains),
            "it has all on which the older cannot go on");
    }
}
