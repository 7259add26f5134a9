using Pinfold.Sharding.Operations;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Tests.Moving;
using Pinfold.Sharding.Verification;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Verification;

/// <summary>Where shards are, by what all servers of the map have of them.</summary>
public sealed class PlacementTests
{
    [Theory, EveryEngine]
    public async Task AShardThatIsOpenOnTwoServersIsFound(string engine)
    {
        await using var fleet = await MoveFleet.StartAsync(engine, TestShards.Sqlite);
        await using (var other = fleet.Open("b"))
            await other.CreateShardAsync(new ShardId(1), 7, default);

        var report = await VerifyAsync(fleet);

        report.Shards[0].Findings.ShouldBeEmpty();
        var finding = report.Shards[1].Findings.ShouldHaveSingleItem();
        (finding.Check, finding.Kind).ShouldBe((VerifyChecks.Epochs, FindingKind.Fault));
        finding.What.ShouldBe("server b has it open too, under epoch 7");
    }

    [Theory, EveryEngine]
    public async Task WhatAMoveHasLeftIsToldAndIsNoFault(string engine)
    {
        await using var fleet = await MoveFleet.StartAsync(engine, TestShards.Sqlite, shards: 1);
        var store = fleet.NewStore();
        await MoveTests.ContentAsync(fleet, store, new ShardId(0));
        (await fleet.MoveAsync("b")).State.ShouldBe(OperationState.Done);

        var report = await VerifyAsync(fleet);

        report.Faults.ShouldBe(0, string.Join('\n', report.Shards[0].Findings));
        report.Shards[0].Server.ShouldBe("b");
        report.Shards[0].Findings.ShouldContain(f => f.Check == VerifyChecks.Marks && f.Kind == FindingKind.Note
            && f.What.Contains("on a it is marked as having left"));
    }

    static async Task<FleetReport> VerifyAsync(MoveFleet fleet)
    {
        var store = fleet.NewStore();
        var (_, operations, topology) = fleet.NewOperator();
        await topology.RefreshAsync(default);
        await store.Router.ReadAsync([new Pinfold.Sharding.Engines.ShardRowRead(new ShardId(0))], default);
        return await new FleetVerifier(store, topology, operations, spec => Task.FromResult(fleet.Open(spec.Name)))
            .VerifyAsync([.. fleet.Shards], new VerifyOptions { LagMax = TimeSpan.Zero });
    }
}
