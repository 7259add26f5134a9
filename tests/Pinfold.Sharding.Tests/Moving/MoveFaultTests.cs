using Pinfold.Sharding.Moving;
using Pinfold.Sharding.Operations;
using Pinfold.Sharding.Tests.Store;
using Pinfold.Testing;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Store.StoreModel;

namespace Pinfold.Sharding.Tests.Moving;

/// <summary>
/// A move whose process is killed at any of its writes is gone on with, or undone, by another; and what was believed
/// dead changes nothing more.
/// </summary>
public sealed class MoveFaultTests(ITestOutputHelper output)
{
    /// <summary>All of them in a soak.</summary>
    static int DeathsMax => Soak.Times(1, int.MaxValue);

    [Theory, EveryPair]
    public Task AKilledMoveIsGoneOnWith(string from, string to) =>
        KillAsync(from, to, isBack: false, isCancelled: false);

    [Theory, EveryPair]
    public Task AKilledMoveIsCancelled(string from, string to) => KillAsync(from, to, isBack: false, isCancelled: true);

    [Theory, EveryPair]
    public Task AKilledWayBackIsGoneOnWith(string from, string to) =>
        KillAsync(from, to, isBack: true, isCancelled: false);

    [Theory, EveryPair]
    public Task AKilledWayBackIsCancelled(string from, string to) =>
        KillAsync(from, to, isBack: true, isCancelled: true);

    async Task KillAsync(string from, string to, bool isBack, bool isCancelled)
    {
        var writes = await CountWritesAsync(from, to, isBack);
        var deaths = Enumerable.Range(1, writes).SelectMany(write => new[] { (write, false), (write, true) }).ToArray();
        Seed.Take(output.WriteLine).NewRandom().Shuffle(deaths);
        foreach (var (write, isDone) in deaths.Take(DeathsMax))
        {
            await using var fleet = await StartAsync(from, to, isBack);
            var process = new DyingProcess();
            fleet.Around = process.Around;
            process.DieAt(write, isDone);
            var (shelf, _) = await MoveTests.ContentAsync(
                fleet, fleet.NewStore(), new ShardId(0), isBack ? "b" : "a");
            var id = await BeginAsync(fleet, isBack);
            await Should.ThrowAsync<DyingProcess.DeadException>(() => fleet.NewOperator().Operations.RunAsync(id));
            var story = $"{process.DiedAt}, the write {write} of {writes}, {(isDone ? "done" : "not done")}";
            fleet.Around = null;
            var (_, operations, topology) = fleet.NewOperator();
            if (isCancelled)
                await operations.CancelAsync(id);
            var end = await RunWhenFreeAsync(operations, id);
            end.State.ShouldBe(isCancelled ? OperationState.Cancelled : OperationState.Done, story);
            var at = (await topology.RefreshAsync(default)).Shard(new ShardId(0)).Server.Name;
            if (!isCancelled || end.Remains is not null)
                at.ShouldBe(isBack ? "a" : "b", story);
            else
                at.ShouldBe(isBack ? "b" : "a", story);
            await MoveTests.WriteAsync(fleet.NewStore(), shelf);
            await fleet.AuditAsync(at);
            if (at != (isBack ? "a" : "b") && !isBack)
                (await fleet.HasAnythingAsync("b", new ShardId(0))).ShouldBeFalse(story);
            // Whatever became of it, the next one is not in its way.
            if (at == "a")
                await (isBack && !isCancelled || end.Remains is not null ? fleet.CleanUpAsync() : Task.CompletedTask);
            if (at == "b")
                (await fleet.MoveBackAsync()).State.ShouldBe(OperationState.Done, story);
            else
                (await fleet.MoveAsync("b")).State.ShouldBe(OperationState.Done, story);
            await MoveTests.WriteAsync(fleet.NewStore(), shelf);
            await fleet.AuditAsync(at == "b" ? "a" : "b");
        }
    }

    /// <summary>The lease of who died may have been renewed at its last moment: then it has to run out.</summary>
    static async Task<OperationStatus> RunWhenFreeAsync(FleetOperations operations, string id)
    {
        while (true)
        {
            try
            {
                return await operations.RunAsync(id);
            }
            catch (PinfoldException e) when (e.Message.Contains("is being run by", StringComparison.Ordinal))
            {
                await Task.Delay(TimeSpan.FromSeconds(1));
            }
        }
    }

    static async Task<int> CountWritesAsync(string from, string to, bool isBack)
    {
        await using var fleet = await StartAsync(from, to, isBack);
        var process = new DyingProcess();
        fleet.Around = process.Around;
        await MoveTests.ContentAsync(fleet, fleet.NewStore(), new ShardId(0), isBack ? "b" : "a");
        await fleet.NewOperator().Operations.RunAsync(await BeginAsync(fleet, isBack));
        return process.Writes;
    }

    static async Task<MoveFleet> StartAsync(string from, string to, bool isBack)
    {
        var fleet = await MoveFleet.StartAsync(from, to, shards: 1);
        if (isBack)
            await fleet.MoveAsync("b");
        return fleet;
    }

    static async Task<string> BeginAsync(MoveFleet fleet, bool isBack)
    {
        var (moves, operations, _) = fleet.NewOperator();
        ShardId[] shards = [new ShardId(0)];
        return await fleet.BeginAsync(operations, isBack
            ? await moves.PlanBackAsync(shards, new MoveOptions())
            : await moves.PlanMoveAsync(shards, "b", new MoveOptions()));
    }
}
