using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Pinfold.Pinboard.Redis;
using Pinfold.Sharding;
using Pinfold.Sharding.Topology;
using Pinfold.Testing.Servers;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Redis;

public sealed class RedisStatusTests
{
    [Theory]
    [InlineData("", false, RedisPersistence.None)]
    [InlineData("3600 1", false, RedisPersistence.Snapshots)]
    [InlineData("", true, RedisPersistence.AppendOnly)]
    public async Task WhatSurvivesARestartIsAskedOfTheServer(string save, bool appendOnly, object found)
    {
        await using var server = await RedisServer.StartAsync(new() { Save = save, AppendOnly = appendOnly });
        await using var links = Links(("counters", SpecOf(server)), ("feeds", SpecOf(server)));

        var status = await new RedisStatusReader(links).ReadAsync(default);

        status.ShouldAllBe(s => s.Persistence == (RedisPersistence)found && s.Nodes.Single().IsPrimary);
        status.Single(s => s.Role == RedisRole.Feeds).Complaints.ShouldBeEmpty();
        var complaints = status.Single(s => s.Role == RedisRole.Counters).Complaints;
        if ((RedisPersistence)found == RedisPersistence.None)
            complaints.ShouldHaveSingleItem().ShouldContain("keeps nothing, and this needs snapshots");
        else
            complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task ARedisThatDoesNotAnswerOrKeepsTooLittleIsDegradedAndNeverWorse()
    {
        await using var server = await RedisServer.StartAsync();
        await using var links = Links(("counters", SpecOf(server)));
        using var health = new RedisHealthCheck(
            new RedisStatusReader(links), TimeProvider.System, NullLogger<RedisHealthCheck>.Instance);

        var first = await health.CheckHealthAsync(new HealthCheckContext());
        await server.KillAsync();
        using var later = new RedisHealthCheck(
            new RedisStatusReader(links), TimeProvider.System, NullLogger<RedisHealthCheck>.Instance);
        var second = await later.CheckHealthAsync(new HealthCheckContext());

        first.Status.ShouldBe(HealthStatus.Degraded);
        first.Description.ShouldNotBeNull().ShouldContain("snapshots");
        second.Status.ShouldBe(HealthStatus.Degraded);
        second.Description.ShouldNotBeNull().ShouldContain("does not answer");
    }

    [Fact]
    public async Task TheServersOfAClusterAreToldOneByOne()
    {
        var cluster = await TestServers.RedisClusterAsync();
        await using var links = Links(
            ("feeds", new RedisClusterSpec([new HostPort("127.0.0.1", cluster.Nodes[1].Port)])));

        var status = (await new RedisStatusReader(links).ReadAsync(default)).Single();

        status.Nodes.Select(node => node.Address)
            .ShouldBe(cluster.Nodes.Select(node => node.Address), ignoreOrder: true);
        status.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public void ARoleThatNobodyPlaysIsRefused()
    {
        var map = TopologyMap.Create(
            1, 1, [new SqliteServerSpec("here", "/srv")], [new ShardRange(new ShardId(0), new ShardId(0), "here")],
            redis: new Dictionary<string, RedisSpec> { ["feed"] = new RedisServerSpec(new HostPort("a", 1)) });

        Should.Throw<PinfoldException>(() => RedisRole.RefuseUnknown(map)).Message
            .ShouldBe("The topology names a Redis for \"feed\", which is no role here; "
                + "there is feeds, counters, rateLimits.");
    }

    static RedisServerSpec SpecOf(RedisServer server) => new(new HostPort("127.0.0.1", server.Port));

    static RedisLinks Links(params (string Role, RedisSpec Spec)[] roles)
    {
        var map = TopologyMap.Create(
            1, 1, [new SqliteServerSpec("here", "/srv")], [new ShardRange(new ShardId(0), new ShardId(0), "here")],
            redis: roles.ToDictionary(role => role.Role, role => role.Spec));
        return new RedisLinks(
            new FixedTopologySource(map), new RedisMetrics(), TimeProvider.System, NullLogger<RedisLink>.Instance);
    }
}
