using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using Pinfold.Sharding.Hosting;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Tests.Following;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Hosting;

/// <summary>What a probe is told, and what it costs the servers.</summary>
public sealed class HealthTests
{
    static readonly HealthCheckContext Probe = new();
    readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    [Theory, EveryEngine(IsServer = true)]
    public async Task AHundredProbesAreOneRoundTripToAServerHoweverManyShardsItHas(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 8, hasProxy: true);
        using var check = new ShardsHealthCheck(fleet.NewStore(_time));
        (await check.CheckHealthAsync(Probe)).Status.ShouldBe(HealthStatus.Healthy);
        fleet.Proxy!.ResetCounts();

        _time.Advance(ShardsHealthCheck.KeptFor);
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => check.CheckHealthAsync(Probe)));

        answers.ShouldAllBe(a => a.Status == HealthStatus.Healthy);
        fleet.Proxy.RoundTripCount.ShouldBe(1);
        fleet.Proxy.Sql.ShouldHaveSingleItem().Split("SELECT").Length.ShouldBe(2, "one row");
    }

    [Fact]
    public async Task AShardThatIsGoneIsNamedAndThatAllAreGoneIsWorse()
    {
        await using var fleet = await Fleet.StartAsync(TestShards.Sqlite, shards: 3);
        using var check = new ShardsHealthCheck(fleet.NewStore(_time));
        fleet.DeleteFile(new ShardId(1));

        var some = await check.CheckHealthAsync(Probe);
        some.Status.ShouldBe(HealthStatus.Degraded);
        some.Description!.ShouldContain("pinfold00001.db");

        fleet.DeleteFile(new ShardId(0));
        fleet.DeleteFile(new ShardId(2));
        using var anew = new ShardsHealthCheck(fleet.NewStore(_time));
        (await anew.CheckHealthAsync(Probe)).Status.ShouldBe(HealthStatus.Unhealthy);
    }
}
