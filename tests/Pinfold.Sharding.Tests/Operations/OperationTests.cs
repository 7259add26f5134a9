using Pinfold.Sharding.Catalog;
using Pinfold.Sharding.Operations;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Topology;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Operations;

/// <summary>Operations are planned, run, paused, cancelled, and gone on with after their runner died.</summary>
public sealed class OperationTests
{
    static readonly Authorship Robin = new("robin@here", "because");

    [Theory, EveryEngine]
    public async Task StepsAreDoneInTheirOrder(string engine)
    {
        await using var fleet = await TestFleet.StartAsync(engine);
        var id = await fleet.Operations.BeginAsync(Counting.Plan(3, "shard 1"), Robin);
        var told = new List<OperationStatus>();
        var done = await fleet.Operations.RunAsync(id, new Told(told.Add));
        done.State.ShouldBe(OperationState.Done);
        fleet.Kind.Log.ShouldBe(["run 1", "run 2", "run 3"]);
        var kept = await fleet.Operations.GetAsync(id);
        kept.State.ShouldBe(OperationState.Done);
        kept.EndedAt.ShouldNotBeNull();
        kept.Runner.ShouldBeNull();
        kept.By.ShouldBe(Robin);
        kept.Steps.ShouldAllBe(step => step.State == StepState.Done && step.Attempts == 1 && step.Done == 3);
        kept.Steps.ShouldAllBe(step => step.EndedAt >= step.BegunAt);
        kept.Steps[0].Figures.ShouldBe("""{"measured":7}""");
        told.Count(status => status.CurrentStep?.Number == 2).ShouldBeGreaterThan(1);
        (await Should.ThrowAsync<PinfoldException>(() => fleet.Operations.RunAsync(id))).Message
            .ShouldContain("has ended: it is done");
    }

    [Theory, EveryEngine]
    public async Task WhatIsClaimedNobodyElseBegins(string engine)
    {
        await using var fleet = await TestFleet.StartAsync(engine);
        var first = await fleet.Operations.BeginAsync(Counting.Plan(1, "shard 1", "shard 2"), Robin);
        var refused = await Should.ThrowAsync<PinfoldException>(
            () => fleet.Operations.BeginAsync(Counting.Plan(1, "shard 0", "shard 2"), Robin));
        refused.Kind.ShouldBe(ErrorKind.Conflict);
        refused.Message.ShouldContain(first);
        (await fleet.Operations.ListAsync(withEnded: true)).Select(o => o.Id).ShouldBe([first]);
        await fleet.Operations.RunAsync(first);
        // One that has ended never blocks another.
        await fleet.Operations.BeginAsync(Counting.Plan(1, "shard 0", "shard 2"), Robin);
        (await fleet.Operations.ListAsync(withEnded: false)).Count.ShouldBe(1);
    }

    [Theory, EveryEngine]
    public async Task OfWhyItIsDoneSoMuchIsKeptAsThereIsRoomFor(string engine)
    {
        await using var fleet = await TestFleet.StartAsync(engine);
        var id = await fleet.Operations.BeginAsync(
            Counting.Plan(1), new Authorship(new string('w', 300), new string('y', 2000)));
        var kept = (await fleet.Operations.RunAsync(id)).By;
        kept.ShouldBe(new Authorship(new string('w', 255), new string('y', 1000)));
    }

    [Theory, EveryEngine]
    public async Task OneProcessRunsIt(string engine)
    {
        await using var fleet = await TestFleet.StartAsync(engine);
        var id = await fleet.Operations.BeginAsync(Counting.Plan(2), Robin);
        fleet.Kind.HoldAt = "run 1";
        var running = fleet.Operations.RunAsync(id);
        await fleet.Kind.Held.Task;
        var second = await Should.ThrowAsync<PinfoldException>(() => fleet.Operations.RunAsync(id));
        second.Kind.ShouldBe(ErrorKind.Conflict);
        second.Message.ShouldContain($"being run by {Environment.MachineName}:{Environment.ProcessId}");
        fleet.Kind.GoOn();
        (await running).State.ShouldBe(OperationState.Done);
    }

    [Theory, EveryEngine]
    public async Task APauseStopsInTheMidstOfAStepAndResumeGoesOnThere(string engine)
    {
        await using var fleet = await TestFleet.StartAsync(engine);
        var id = await fleet.Operations.BeginAsync(Counting.Plan(3), Robin);
        fleet.Kind.HoldAt = "run 2";
        var running = fleet.Operations.RunAsync(id);
        await fleet.Kind.Held.Task;
        await fleet.Operations.PauseAsync(id);
        await fleet.AwaitHeardAsync();
        fleet.Kind.GoOn();
        var paused = await running;
        paused.State.ShouldBe(OperationState.Paused);
        paused.CurrentStep.ShouldNotBeNull().Number.ShouldBe(2);
        (await fleet.Operations.RunAsync(id)).State.ShouldBe(OperationState.Done);
        fleet.Kind.Counts.ShouldBe([3, 3, 3]);
    }

    [Theory, EveryEngine]
    public async Task ACancelledOneIsUndoneFromItsEnd(string engine)
    {
        await using var fleet = await TestFleet.StartAsync(engine);
        var id = await fleet.Operations.BeginAsync(Counting.Plan(3, "shard 1"), Robin);
        fleet.Kind.FailAt = "run 2";
        await Should.ThrowAsync<PinfoldException>(() => fleet.Operations.RunAsync(id));
        var failed = await fleet.Operations.GetAsync(id);
        failed.State.ShouldBe(OperationState.Failed);
        failed.Error.ShouldBe("It failed at run 2.");
        failed.Runner.ShouldBeNull();
        await fleet.Operations.CancelAsync(id);
        var cancelled = await fleet.Operations.RunAsync(id);
        cancelled.State.ShouldBe(OperationState.Cancelled);
        cancelled.Remains.ShouldBe("Something of 1 stays.");
        fleet.Kind.Log.ShouldBe(["run 1", "run 2", "undo 2", "undo 1"]);
        fleet.Kind.Counts.ShouldBe([0, 0, 0]);
        await fleet.Operations.BeginAsync(Counting.Plan(3, "shard 1"), Robin);
    }

    [Theory, EveryEngine]
    public async Task ARunnerThatLostItsLeaseWritesNothingMore(string engine)
    {
        await using var fleet = await TestFleet.StartAsync(engine);
        var id = await fleet.Operations.BeginAsync(Counting.Plan(2), Robin);
        fleet.Kind.HoldAt = "run 1";
        var running = fleet.Operations.RunAsync(id);
        await fleet.Kind.Held.Task;
        await fleet.Catalog.SqlAsync("UPDATE {0}operations SET runner_id='another',runner='another'");
        fleet.Kind.GoOn();
        var lost = await Should.ThrowAsync<PinfoldException>(() => running);
        lost.Message.ShouldContain("somebody else");
        var kept = await fleet.Operations.GetAsync(id);
        kept.State.ShouldBe(OperationState.Running);
        kept.Steps[0].State.ShouldBe(StepState.Begun);
    }

    /// <summary>
    /// The runner dies after each write of its to the ledger, and after each write that it meant to make, once while it
    /// goes on and once while it is undone; another run brings it to the same end.
    /// </summary>
    [Theory, EveryEngine]
    public async Task WhereverItsRunnerDiesAnotherGoesOn(string engine)
    {
        var seed = Seed.Take();
        await using var fleet = await TestFleet.StartAsync(engine);
        var changes = await fleet.CountChangesAsync(async id => await fleet.Operations.RunAsync(id));
        changes.ShouldBeGreaterThan(10);
        foreach (var isUndone in (bool[])[false, true])
            foreach (var at in Soak.Sample([.. Enumerable.Range(1, changes)], engine == TestShards.Sqlite ? 40 : 8))
                foreach (var isDone in (bool[])[false, true])
                    await DieAsync(fleet, at, isDone, isUndone, seed);
    }

    static async Task DieAsync(TestFleet fleet, int at, bool isDone, bool isUndone, Seed seed)
    {
        var where = $"change {at}, done {isDone}, undone {isUndone}, seed {seed.Value}";
        fleet.Kind.Forget();
        var id = await fleet.Operations.BeginAsync(Counting.Plan(3, $"shard of {Guid.NewGuid():N}"), Robin);
        if (isUndone)
        {
            fleet.Kind.FailAt = "run 3";
            await Should.ThrowAsync<PinfoldException>(() => fleet.Operations.RunAsync(id));
            await fleet.Operations.CancelAsync(id);
        }
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
        await fleet.Catalog.SqlAsync("UPDATE {0}operations SET lease_until=0");
        var end = await fleet.Operations.GetAsync(id);
        if (!end.IsEnded)
            end = await fleet.Operations.RunAsync(id);
        end.State.ShouldBe(isUndone ? OperationState.Cancelled : OperationState.Done, where);
        fleet.Kind.Counts.ShouldBe(isUndone ? [0, 0, 0] : [3, 3, 3], where);
    }

    [Theory, EveryEngine]
    public async Task WhatAStepPublishesIsInUseOnce(string engine)
    {
        await using var fleet = await TestFleet.StartAsync(engine);
        var plan = await new TopologyOperations(fleet.Topology).PlanOpenAsync(
            new ShardId(2), new ShardId(4), isOpen: false);
        var id = await fleet.Operations.BeginAsync(plan, Robin);
        await fleet.Operations.RunAsync(id);
        var newest = (await new TopologyVersions(fleet.Catalog.Database).ListAsync(9, default))[0];
        newest.Map.Ranges.Select(range => (range.First.Value, range.Last.Value, range.Open))
            .ShouldBe([(0, 1, true), (2, 4, false), (5, 7, true)]);
        newest.By.Operation.ShouldBe(id);
        newest.Map.Version.ShouldBe(2);
        (await Should.ThrowAsync<PinfoldException>(() => new TopologyOperations(fleet.Topology).PlanOpenAsync(
            new ShardId(2), new ShardId(4), isOpen: false))).Message.ShouldContain("closed for new owners already");
    }
}
