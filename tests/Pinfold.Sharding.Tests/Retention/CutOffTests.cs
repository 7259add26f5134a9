using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Hosting;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Retention;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Tests.Following;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Retention;

/// <summary>What a follower is told that would begin where the journal is gone, and how it goes on.</summary>
public sealed class CutOffTests
{
    static readonly ShardId Shard = new(1);

    static readonly FollowerOptions Quick =
        new() { Lease = TimeSpan.FromMinutes(10), Renew = TimeSpan.FromMilliseconds(300) };

    [Theory, EveryEngine]
    public async Task OneThatBeginsFromTheStartIsToldAndNothingIsParkedOrPassed(string engine)
    {
        await using var fleet = await TrimFleet.StartAsync(engine);
        await TrimAsync(fleet);
        var (store, late) = (fleet.Fleet.NewStore(), new Recorder("late") { MadeAnewBy = "by hand" });
        var host = await fleet.Fleet.StartHostAsync(Quick, [late, new Recorder("end") { StartsAtEnd = true }], store);
        await Eventually.BecomesAsync(() => host.Waiting.Count > 0, "it waits");

        var waits = host.Waiting.ShouldHaveSingleItem();
        (waits.Follower, waits.Shard, waits.Seq, waits.JournalBegin).ShouldBe(("late", Shard, 1, 10));
        late.Of(Shard).ShouldBeEmpty();
        (await fleet.Fleet.CursorAsync(store, Shard, "late")).ShouldBe(0);
        (await host.Parked.ListAsync()).ShouldBeEmpty();
        using var check = new ShardsHealthCheck(store, host);
        var health = await check.CheckHealthAsync(new HealthCheckContext());
        health.Status.ShouldBe(HealthStatus.Degraded);
        health.Description!.ShouldContain("follower late has to be made anew (by hand)");
        health.Description!.ShouldContain("shard 1 begins at 10");
        var listed = (await new FollowerStatusReader(store).ReadAsync()).Where(s => s.JournalBegin is not null);
        listed.ShouldHaveSingleItem().ShouldBe(
            new FollowerStatus("late", Shard, 0, 10, 0, null) { JournalBegin = 10 });
        // It has the journal's beginning as its own, and so holds it; nobody waits for it.
        (await fleet.StatusAsync(Shard)).HeldBy.ShouldBe("follower late has to begin here");
        await host.DrainAsync().WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task OneThatWasMadeAnewGoesOnFromTheFirstThatIsThere()
    {
        await using var fleet = await TrimFleet.StartAsync(TestShards.Sqlite);
        await TrimAsync(fleet);
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var (store, late) = (fleet.Fleet.NewStore(time), new Recorder("late"));
        var host = await fleet.Fleet.StartHostAsync(Quick, [late], store);
        await Eventually.PassAsync(time, () => host.Waiting.Count > 0, "it waits");
        var places = new FollowerPlaces(fleet.Store, host);

        (await places.GoOnFromBeginAsync("late")).ShouldBe([Shard]);
        (await places.GoOnFromBeginAsync("late")).ShouldBeEmpty();
        time.Advance(UnableShards.LookAgainAfter);
        await Eventually.PassAsync(time, () => late.Of(Shard).Any(), "it goes on");

        late.Of(Shard).ShouldBe([10]);
    }

    [Theory, EveryEngine]
    public async Task WhoKeepsAPlaceOfItsOwnIsToldWhereTheJournalBegins(string engine)
    {
        await using var fleet = await TrimFleet.StartAsync(engine);
        await TrimAsync(fleet);
        var reader = new JournalReader(fleet.Store);
        (await reader.ReadAsync(Shard, 9, 10)).Select(t => t.Seq).ShouldBe([10]);
        (await reader.ReadAsync(Shard, 10, 10)).ShouldBeEmpty();
        var cut = await Should.ThrowAsync<JournalTrimmedException>(() => reader.ReadAsync(Shard, 8, 10));
        (cut.First, cut.Kind).ShouldBe((10, ErrorKind.NotFound));
        cut.Message.ShouldBe("The journal of shard 1 begins at 10, for it was trimmed: 9 to 9 are gone.");
    }

    [Theory, EveryEngine]
    public async Task AFollowerThatNoProgramHasAnyMoreIsForgotten(string engine)
    {
        await using var fleet = await TrimFleet.StartAsync(engine);
        await fleet.WriteAsync(fleet.Old, Shard, 10);
        await fleet.StandAsync("f", Shard, 10);
        var claim = await fleet.StandAsync("gone", Shard, 2);
        await fleet.ParkAsync(Shard, "gone", claim, 1, 7);
        (await fleet.TrimAsync()).ShouldBe(0);
        await using var host = new FollowerHost(fleet.Fleet.NewStore(), [new Recorder("f")]);
        var places = new FollowerPlaces(fleet.Store, host);
        (await Should.ThrowAsync<PinfoldException>(() => places.ForgetAsync("f"))).Message
            .ShouldContain("This program has a follower f");

        var running = await fleet.Fleet.StartHostAsync(Quick, [new Recorder("gone", (_, _) =>
            throw new PinfoldException(ErrorKind.Unavailable, "It is not to."))]);
        await Eventually.BecomesAsync(() => running.FollowedShards("gone").Count == 4, "it runs");
        (await Should.ThrowAsync<PinfoldException>(() => places.ForgetAsync("gone"))).Kind.ShouldBe(ErrorKind.Conflict);
        await running.StopAsync();

        (await places.ForgetAsync("gone")).ShouldBe(4);
        (await Should.ThrowAsync<PinfoldException>(() => places.ForgetAsync("gone"))).Kind.ShouldBe(ErrorKind.NotFound);
        (await fleet.StatusAsync(Shard)).Parked.ShouldBe(0);
        (await fleet.StatusAsync(Shard)).Slowest.ShouldNotBe("gone");
    }

    /// <summary>A name's release ends a claim before it; the claim itself may have been trimmed by then.</summary>
    [Theory, EveryEngine]
    public async Task ANameWhoseClaimWasTrimmedIsGivenBack(string engine)
    {
        await using var fleet = await TrimFleet.StartAsync(engine);
        var name = $"quince{Guid.NewGuid():N}";
        var transaction = fleet.Old.Begin(Shard);
        var user = transaction.Create(new StorageModel.Pin("Quince"));
        await transaction.ClaimAsync(Fleet.UserName, name, user);
        await transaction.CommitAsync();
        var host = await fleet.Fleet.StartHostAsync(Quick, []);
        await host.DrainAsync();
        foreach (var shard in fleet.Fleet.Shards)
            await fleet.WriteAsync(fleet.Old, shard, 2);
        await host.DrainAsync();
        await fleet.TrimAsync();
        (await fleet.FirstAsync(Shard)).ShouldBe(3);
        (await fleet.Store.Names.FindOwnerAsync(Fleet.UserName, name)).ShouldBe(user.Id);

        var release = fleet.Store.Begin(Shard);
        release.Release(Fleet.UserName, name, user.Id);
        await release.CommitAsync();
        await host.DrainAsync();

        (await fleet.Store.Names.FindOwnerAsync(Fleet.UserName, name)).ShouldBeNull();
    }

    /// <summary>Ten were written and handled; one is left.</summary>
    static async Task TrimAsync(TrimFleet fleet)
    {
        await fleet.WriteAsync(fleet.Old, Shard, 10);
        await fleet.StandAsync("names", Shard, 10);
        (await fleet.TrimAsync()).ShouldBe(9);
    }
}
