using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using MySqlConnector;
using Pinfold.Sharding.Hosting;
using Pinfold.Sharding.Provisioning;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Tests.Following;
using Pinfold.Sharding.Tests.Store;
using Pinfold.Sharding.Topology;
using Pinfold.Testing;
using Pinfold.Testing.Servers;
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
        fleet.Proxy.Sql.ShouldHaveSingleItem().Split("SELECT").Length.ShouldBe(3, "one row and its settings");
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task AServerThatIsSetTooSmallForItsShardsIsSaidToBeAndByHowMuch(string engine)
    {
        var options = new DatabaseServerOptions
        {
            Arguments = ["--table-open-cache=40", "--innodb-open-files=30", "--table-definition-cache=500"],
        };
        await using DatabaseServer server = engine == "MySQL"
            ? await MySqlServer.StartAsync(options) : await MariaDbServer.StartAsync(options);
        using var folder = new TempFolder("room");
        var account = new MySqlConnectionStringBuilder(server.ConnectionString);
        await File.WriteAllTextAsync(folder["password"], account.Password);
        var spec = new MySqlServerSpec("db1", new HostPort("127.0.0.1", server.Port), account.UserID)
        {
            Password = PasswordSource.FromFile(folder["password"]),
            Tls = TlsMode.None,
        };
        await using var store = await ShardedStore.OpenAsync(StoreModel.Model, shards => shards
            .UseTopology(new FixedTopologySource(TopologyMap.Create(
                1, 8, [spec], [new ShardRange(new ShardId(0), new ShardId(7), "db1")])))
            .Configure(o => o.FollowJournal = false));
        var unmade = (await new ServerRoomReader(store).ReadAsync()).ShouldHaveSingleItem();
        await new ShardProvisioner(store).EnsureAsync();
        using var check = new ShardsHealthCheck(store);

        var answer = await check.CheckHealthAsync(Probe);

        string[] tooSmall =
        [
            "table_open_cache is 40, and 8 shards need 48: raise it by 8",
            "innodb_open_files is 30, and 8 shards need 48: raise it by 18",
        ];
        unmade.TooSmall.ShouldBe(tooSmall);
        answer.Status.ShouldBe(HealthStatus.Degraded);
        answer.Description.ShouldBe(
            $"every server answers; db1 is set too small ({string.Join("; ", tooSmall)})");
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
