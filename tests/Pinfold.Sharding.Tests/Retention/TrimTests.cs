using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Operations;
using Pinfold.Sharding.Retention;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Tests.Operations;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Retention;

/// <summary>What of a journal goes, and what keeps it from going.</summary>
public sealed class TrimTests
{
    static readonly ShardId Shard = new(1);

    [Theory, EveryEngine]
    public async Task WhatTheSlowestHasPassedGoes(string engine)
    {
        await using var fleet = await TrimFleet.StartAsync(engine);
        await fleet.WriteAsync(fleet.Old, Shard, 10);
        await fleet.StandAsync("fast", Shard, 10);
        await fleet.StandAsync("slow", Shard, 6);
        var before = await fleet.StatusAsync(Shard);
        (before.First, before.Last, before.Entries, before.TrimmableTo).ShouldBe((1, 10, 10, 6));
        (before.Slowest, before.SlowestAt, before.HeldBy).ShouldBe(("slow", 6, "follower slow is at 6"));
        before.Bytes.ShouldBeInRange(10 * 80, 10 * 400);
        before.OldestAt.ShouldNotBeNull().ShouldBeLessThan(TimeProvider.System.GetUtcNow().AddDays(-29));

        (await fleet.TrimAsync()).ShouldBe(6);

        var after = await fleet.StatusAsync(Shard);
        (after.First, after.Last, after.Trimmable).ShouldBe((7, 10, 0));
        (await fleet.TrimAsync()).ShouldBe(0);
    }

    [Theory, EveryEngine]
    public async Task AParkedEntryKeepsItsRowAndAllBehindIt(string engine)
    {
        await using var fleet = await TrimFleet.StartAsync(engine);
        await fleet.WriteAsync(fleet.Old, Shard, 10);
        var claim = await fleet.StandAsync("f", Shard, 10);
        await fleet.ParkAsync(Shard, "f", claim, 2, ParkedRow.Never); // somebody has skipped it
        await fleet.ParkAsync(Shard, "f", claim, 5, 7);
        await fleet.ParkAsync(Shard, "f", claim, 8, ParkedRow.Never);
        var before = await fleet.StatusAsync(Shard);
        (before.TrimmableTo, before.Parked, before.HeldBy).ShouldBe((4, 1, "follower f has parked 5"));

        (await fleet.TrimAsync()).ShouldBe(4);

        var parked = await (await fleet.ServerAsync(Shard)).Cursors.ReadParkedAsync(
            [Shard], null, long.MaxValue, 10, default);
        parked.Select(p => p.Seq).ShouldBe([5, 8]); // what was skipped went with its row
        await (await fleet.ServerAsync(Shard)).Cursors.UnparkAsync(Shard, "f", 5, default);
        (await fleet.TrimAsync()).ShouldBe(5);
        (await fleet.FirstAsync(Shard)).ShouldBe(10);
    }

    [Theory, EveryEngine]
    public async Task TheNewestStayWhateverTheirTimesSay(string engine)
    {
        await using var fleet = await TrimFleet.StartAsync(engine);
        await fleet.WriteAsync(fleet.Old, Shard, 10);
        await fleet.StandAsync("f", Shard, 10);
        (await fleet.StatusAsync(Shard, TrimFleet.Week(rows: 4))).HeldBy.ShouldBe("the newest 4 are kept");
        (await fleet.TrimAsync(TrimFleet.Week(rows: 4))).ShouldBe(6);
        (await fleet.TrimAsync(new JournalRetention(TimeSpan.FromDays(1)))).ShouldBe(0);
        (await fleet.FirstAsync(Shard)).ShouldBe(7);
    }

    [Theory, EveryEngine]
    public async Task AYoungRowKeepsAllBehindItAndOneOfTheFutureNone(string engine)
    {
        await using var fleet = await TrimFleet.StartAsync(engine);
        await fleet.WriteAsync(fleet.Old, Shard, 2);
        await fleet.WriteAsync(fleet.Fleet.NewStore(TrimFleet.Ago(-3650)), Shard, 2);
        await fleet.WriteAsync(fleet.Old, Shard, 1);
        await fleet.WriteAsync(fleet.Store, Shard, 1); // today
        await fleet.WriteAsync(fleet.Old, Shard, 3); // by a clock that was put back
        await fleet.StandAsync("f", Shard, 9);
        var before = await fleet.StatusAsync(Shard);
        before.TrimmableTo.ShouldBe(5);
        before.HeldBy.ShouldStartWith("6 is of ");
        (await fleet.TrimAsync()).ShouldBe(5);
        (await fleet.FirstAsync(Shard)).ShouldBe(6);
    }

    [Theory, EveryEngine]
    public async Task AFollowerThatHasNotBegunOnAShardHoldsIt(string engine)
    {
        await using var fleet = await TrimFleet.StartAsync(engine);
        await fleet.WriteAsync(fleet.Old, Shard, 5);
        await fleet.StandAsync("f", Shard, 5);
        var other = new ShardId(2);
        await (await fleet.ServerAsync(other)).Cursors.ClaimAsync(
            [new CursorClaim("new", false, [other])], Guid.NewGuid(), default);
        (await fleet.StatusAsync(Shard)).HeldBy.ShouldBe("follower new has to begin here");
        (await fleet.TrimAsync()).ShouldBe(0);
        var answer = await (await fleet.ServerAsync(Shard)).Trim.TrimAsync(
            new TrimCut(Shard, 1, 4, ["f", "new"], 1), default);
        answer.ShouldBe(new TrimAnswer(0, -1));
        (await fleet.FirstAsync(Shard)).ShouldBe(1);
    }

    [Theory, EveryEngine]
    public async Task WhatIsAskedForIsLookedUpAnewWhereItIsDone(string engine)
    {
        await using var fleet = await TrimFleet.StartAsync(engine);
        await fleet.WriteAsync(fleet.Old, Shard, 10);
        await fleet.StandAsync("f", Shard, 10);
        var plan = await fleet.Trims.PlanAsync([.. fleet.Fleet.Shards], TrimFleet.Week());
        plan.Steps.ShouldHaveSingleItem().Total.ShouldBe(9);
        plan.Claims.ShouldBe(["shard 1"]);
        var id = await fleet.Operations.BeginAsync(plan, TrimFleet.Robin);
        (await fleet.Operations.FindClaimedShardsAsync()).ShouldHaveSingleItem().Value.ShouldBe(id);
        await fleet.StandAsync("late", Shard, 3); // since the plan was made

        await fleet.Operations.RunAsync(id);

        (await fleet.FirstAsync(Shard)).ShouldBe(4);
        (await fleet.Operations.FindClaimedShardsAsync()).ShouldBeEmpty();
    }

    [Theory, EveryEngine]
    public async Task AShardThatAnotherOperationChangesIsLeftInPeace(string engine)
    {
        await using var fleet = await TrimFleet.StartAsync(engine);
        foreach (var shard in fleet.Fleet.Shards)
            await fleet.WriteAsync(fleet.Old, shard, 3);
        var plan = await fleet.Trims.PlanAsync(
            [.. fleet.Fleet.Shards], TrimFleet.Week(), new Dictionary<ShardId, string> { [Shard] = "move-1" });
        plan.Claims.ShouldBe(["shard 0", "shard 2", "shard 3"]);
        plan.Notes.ShouldContain("Shards 1 are left out: operation move-1 changes them.");
    }

    [Theory, EveryEngine]
    public async Task OfAClockThatIsWrongNothingIsTrimmed(string engine)
    {
        await using var fleet = await TrimFleet.StartAsync(engine);
        await fleet.WriteAsync(fleet.Store, Shard, 3);
        var ahead = new JournalTrims(fleet.Fleet.NewStore(TrimFleet.Ago(-400)));
        (await Should.ThrowAsync<PinfoldException>(() => ahead.PlanAsync([Shard], TrimFleet.Week()))).Message
            .ShouldContain("minutes apart");
    }

    /// <summary>
    /// The runner dies after each write of its to the ledger, and before it; another run brings it to the same end.
    /// </summary>
    [Theory, EveryEngine]
    public async Task WhereverItsRunnerDiesAnotherGoesOn(string engine)
    {
        await using var fleet = await TrimFleet.StartAsync(engine);
        var most = engine == TestShards.Sqlite ? 30 : 8;
        foreach (var shard in fleet.Fleet.Shards)
            await fleet.WriteAsync(fleet.Old, shard, 3);
        var changes = await CountAsync(fleet);
        changes.ShouldBeGreaterThan(5);
        foreach (var at in Soak.Sample([.. Enumerable.Range(1, changes)], most))
            foreach (var isDone in (bool[])[false, true])
                await DieAsync(fleet, at, isDone);
    }

    static async Task<int> CountAsync(TrimFleet fleet)
    {
        fleet.Dying.Live();
        (await fleet.TrimAsync()).ShouldBe(8);
        return fleet.Dying.Changes - 1; // that which writes the operation down is before
    }

    static async Task DieAsync(TrimFleet fleet, int at, bool isDone)
    {
        foreach (var shard in fleet.Fleet.Shards)
            await fleet.WriteAsync(fleet.Old, shard, 2);
        var plan = await fleet.Trims.PlanAsync([.. fleet.Fleet.Shards], TrimFleet.Week());
        var id = await fleet.Operations.BeginAsync(plan, TrimFleet.Robin);
        fleet.Dying.DieAt(at, isDone);
        try
        {
            await fleet.Operations.RunAsync(id);
        }
        catch (Exception e) when (e is DyingCatalog.DeadException or PinfoldException)
        {
            // As a process that was killed: nothing of it is heard any more.
        }
        fleet.Dying.Live();
        await fleet.ForgetLeaseAsync();
        var end = await fleet.Operations.GetAsync(id);
        if (!end.IsEnded)
            end = await fleet.Operations.RunAsync(id);
        end.State.ShouldBe(OperationState.Done, $"change {at}, done {isDone}");
        foreach (var status in await fleet.Trims.ReadAsync([.. fleet.Fleet.Shards], TrimFleet.Week()))
            (status.Entries, status.First).ShouldBe((1, status.Last), $"change {at}, done {isDone}");
    }
}
