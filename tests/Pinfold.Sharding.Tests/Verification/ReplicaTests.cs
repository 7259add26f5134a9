using Pinfold.Sharding.Catalog;
using Pinfold.Sharding.Commits;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Operations;
using Pinfold.Sharding.Routing;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Telemetry;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Tests.Moving;
using Pinfold.Sharding.Tests.Store;
using Pinfold.Sharding.Topology;
using Pinfold.Sharding.Verification;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Verification;

/// <summary>
/// A shard and its replica have the same rows. A copy on another server stands for one that is behind.
/// </summary>
public sealed class ReplicaTests
{
    static readonly ShardId Shard = new(0);
    static readonly MarkHolder Copier = new("copy", "test");

    [Theory, EveryEngine(IsServer = true)]
    public async Task WhatAReplicaHasOtherwiseIsFoundAndItsLagIsNoFault(string engine)
    {
        await using var fleet = await MoveFleet.StartAsync(engine, "MariaDB", shards: 1);
        var map = MapWithReplica(fleet);
        await using var store = new ShardedStore(StoreModel.Model, new FixedTopologySource(map), new ServerSet(
            spec => Task.FromResult(fleet.Open(spec.Name)), CommitLimits.Default, TimeProvider.System,
            new ShardingMetrics()), null, TimeProvider.System, StoreLimits.Default);
        var (shelf, _) = await MoveTests.ContentAsync(fleet, store, Shard);
        await using var replica = fleet.Open("b");
        await replica.Copies.MakeAsync(Shard, 1, Copier, default);
        await CopyAsync();
        (await VerifyAsync()).ShouldBe((true, 0, 0));

        await fleet.SqlAsync("b", Shard, "UPDATE objects SET body=x'7b7d' WHERE local_id=2");
        (await VerifyAsync()).ShouldBe((true, 1, 0));

        await CopyAsync();
        await MoveTests.WriteAsync(store, shelf);
        (await VerifyAsync()).ShouldBe((true, 0, 1));
        await CopyAsync();
        (await VerifyAsync()).ShouldBe((true, 0, 0));

        async Task CopyAsync()
        {
            await using var primary = fleet.Open("a");
            var row = new ShardRowRead(Shard);
            await primary.ReadAsync([row], default);
            var all = new RowRange(null, null);
            foreach (var table in ShardTable.All)
                await replica.Copies.WriteAsync(Shard, [new TableChange(table)
                {
                    Range = all,
                    Rows = await primary.Copies.ReadAsync(Shard, table, all, int.MaxValue, default),
                }], row.Row!.LastSeq, Copier, default);
        }

        async Task<(bool HasLooked, long Faults, long NotJudged)> VerifyAsync()
        {
            await using var home = new CatalogHome(spec => Task.FromResult(fleet.Open(spec.Name)));
            var source = new FixedTopologySource(map);
            var report = await new FleetVerifier(
                store, source, new FleetOperations(source, home, [], TimeProvider.System),
                _ => Task.FromResult(fleet.Open("b"))).VerifyAsync(
                    [Shard], new VerifyOptions { LagMax = TimeSpan.Zero });
            var its = report.Shards[0].Checks.Single(check => check.Name == VerifyChecks.Replicas);
            return (its.LookedAt > 0, its.Faults, its.NotJudged);
        }
    }

    static TopologyMap MapWithReplica(MoveFleet fleet) => TopologyMap.Create(
        1, 1, [new MySqlServerSpec("a", Nowhere(1), "pinfold") { Replicas = [Nowhere(2)] }],
        [new ShardRange(Shard, Shard, "a")], databasePrefix: fleet.Databases.Prefix);

    /// <summary>The test opens servers by their names.</summary>
    static HostPort Nowhere(int port) => new("127.0.0.1", port);
}
