using System.Text;
using Pinfold.Sharding.Topology;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Topology;

public sealed class TopologyMapTests
{
    static readonly MySqlServerSpec Db1 = new("db1", new HostPort("10.0.0.1", 3306), "pinfold");
    static readonly SqliteServerSpec Db2 = new("db2", "/srv/db2");
    static readonly SqliteServerSpec Spare = new("spare", "/srv/spare");

    static readonly TopologyMap Map = TopologyMap.Create(3, 16, [Db1, Db2, Spare],
    [
        new ShardRange(new ShardId(12), new ShardId(15), "db1", Epoch: 4),
        new ShardRange(new ShardId(0), new ShardId(7), "db1", Open: false),
        new ShardRange(new ShardId(8), new ShardId(11), "db2", Epoch: 2, Weight: 3),
    ]);

    [Fact]
    public void AShardIsWhereItsRangeSays()
    {
        Map.Shard(new ShardId(7)).ShouldBe(new ShardPlacement(Db1, 1, Open: false));
        Map.Shard(new ShardId(8)).ShouldBe(new ShardPlacement(Db2, 2, Open: true));
        Map.Shard(new ShardId(15)).ShouldBe(new ShardPlacement(Db1, 4, Open: true));
    }

    [Fact]
    public void AShardBeyondTheCountIsNotFoundByName()
    {
        var problem = Should.Throw<PinfoldException>(() => Map.Shard(new ShardId(16)));

        problem.Kind.ShouldBe(ErrorKind.NotFound);
        problem.Shard.ShouldBe(new ShardId(16));
        problem.Message.ShouldBe("There is no shard 16: this topology has 16 shards, 0 to 15.");
    }

    [Fact]
    public void ShardsAreGroupedByTheServerThatHasThem()
    {
        var groups = Map.ServersFor([new ShardId(9), new ShardId(1), new ShardId(8), new ShardId(15)]);

        groups.Select(group => (group.Server.Name, string.Join(' ', group.Shards)))
            .ShouldBe([("db2", "9 8"), ("db1", "1 15")]);
    }

    [Fact]
    public void AServerListsItsShardsAscendingAndASpareHasNone()
    {
        Map.ShardsOn("db1").Select(shard => (int)shard.Value).ShouldBe([0, 1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 15]);
        Map.ShardsOn("spare").ShouldBeEmpty();
    }

    [Fact]
    public void AnUnknownServerIsNotFoundAndTheNearestNameIsSuggested()
    {
        var problem = Should.Throw<PinfoldException>(() => Map.ShardsOn("db11"));

        problem.Kind.ShouldBe(ErrorKind.NotFound);
        problem.Message.ShouldBe("No server is called \"db11\"; did you mean \"db1\"?");
    }

    [Fact]
    public void TheFirstAndTheLastRollPickTheFirstAndTheLastOpenShard()
    {
        Map.PickShardForNewOwner(0).ShouldBe(new ShardId(8));
        Map.PickShardForNewOwner(ulong.MaxValue).ShouldBe(new ShardId(15));
    }

    [Fact]
    public void WeightsShareTheRollsExactly()
    {
        // 4 shards of weight 3 and 4 of weight 1: sixteenths of the circle.
        var picks = Enumerable.Range(0, 16).Select(sixteenth => Map.PickShardForNewOwner((ulong)sixteenth << 60));

        picks.Select(shard => (int)shard.Value).ShouldBe([8, 8, 8, 9, 9, 9, 10, 10, 10, 11, 11, 11, 12, 13, 14, 15]);
    }

    [Fact]
    public void WhatIsLeftOutHasADefault()
    {
        var map = TopologyFile.Check("""
            { "version": 1, // the least that a fleet says
              "servers": [ { "name": "db1", "engine": "mysql", "host": "db1.internal", "user": "pinfold" }, ],
              "shards": [ { "first": 0, "last": 4095, "server": "db1", "epoch": 1 } ] }
            """u8.ToArray(), "/srv/topology.json").GetMap();

        (map.ShardCount, map.NameShardCount).ShouldBe((4096, 4096));
        map.Ranges.ShouldHaveSingleItem().ShouldBe(
            new ShardRange(new ShardId(0), new ShardId(4095), "db1", Epoch: 1, Open: true, Weight: 1));
        map.Cache.ShouldBe(new CacheSpec { Memcached = [], MemoryMiB = 64 });
        map.Servers.ShouldHaveSingleItem().ShouldBe(
            new MySqlServerSpec("db1", new HostPort("db1.internal", 3306), "pinfold")
            {
                Password = null,
                Replicas = [],
                ConnectionsMax = 32,
                Tls = TlsMode.Preferred,
            });
    }

    [Fact]
    public void PathsStartFromTheFolderOfTheFile()
    {
        var map = TopologyFile.Check("""
            { "version": 1, "shardCount": 1,
              "servers": [ { "name": "a", "engine": "sqlite", "folder": "shards/" },
                { "name": "b", "engine": "mysql", "host": "b", "user": "u", "passwordFile": "../secret" } ],
              "shards": [ { "first": 0, "last": 0, "server": "a", "epoch": 1 } ] }
            """u8.ToArray(), "/srv/pinfold/topology.json").GetMap();

        map.GetServer("a").ShouldBe(new SqliteServerSpec("a", "/srv/pinfold/shards"));
        map.GetServer("b").ShouldBeOfType<MySqlServerSpec>().Password.ShouldBe(PasswordSource.FromFile("/srv/secret"));
    }

    [Fact]
    public void TheCanonicalFileHasALineForEachServerAndRange()
    {
        var map = TopologyMap.Create(7, 16,
            [
                Db1 with
                {
                    Password = PasswordSource.FromEnvironment("DB1"),
                    Replicas = [new HostPort("fd00::2", 3307)],
                },
                new SqliteServerSpec("db2", "/srv/größer"),
            ],
            [
                new ShardRange(new ShardId(0), new ShardId(7), "db1", Epoch: 2, Open: false),
                new ShardRange(new ShardId(8), new ShardId(15), "db2", Weight: 5),
            ],
            nameShardCount: 4, new CacheSpec { Memcached = [new HostPort("cache1", 11211)] });

        const string db1 = """{"name":"db1","engine":"mysql","host":"10.0.0.1","port":"""
            + """3306,"user":"pinfold","passwordEnv":"DB1","replicas":["[fd00::2]:"""
            + """3307"],"maxConnections":32,"tls":"preferred"}""";
        Encoding.UTF8.GetString(map.ToJson().Span).ShouldBe($$"""
            {
              "version": 7,
              "shardCount": 16,
              "nameShards": 4,
              "databasePrefix": "pinfold",
              "servers": [
                {{db1}},
                {"name":"db2","engine":"sqlite","folder":"/srv/größer"}
              ],
              "shards": [
                {"first":0,"last":7,"server":"db1","epoch":2,"open":false,"weight":1},
                {"first":8,"last":15,"server":"db2","epoch":1,"open":true,"weight":5}
              ],
              "cache": {"memcached":["cache1:11211"],"memoryMiB":64}
            }

            """);
    }

    [Fact]
    public void TheRedisOfEachRoleIsWrittenAndReadBack()
    {
        var given = new Dictionary<string, RedisSpec>
        {
            ["rateLimits"] = new RedisServerSpec(new HostPort("fd00::9", 6379)),
            ["feeds"] = new RedisClusterSpec([new HostPort("10.0.3.1", 6379), new HostPort("10.0.3.2", 6379)])
            {
                User = "pinfold",
                Password = PasswordSource.FromEnvironment("REDIS"),
                Tls = TlsMode.VerifyFull,
            },
            ["counters"] = new RedisSentinelSpec([new HostPort("10.0.3.3", 26379)], "counts")
            {
                Password = PasswordSource.FromFile("/run/secrets/redis"),
                SentinelPassword = PasswordSource.FromEnvironment("SENTINEL"),
            },
        };
        var map = TopologyMap.Create(
            1, 1, [Db1], [new ShardRange(new ShardId(0), new ShardId(0), "db1")], redis: given);

        const string counters = """{"sentinels":["10.0.3.3:26379"],"primary":"counts",""" + "\"sentinelPasswordEnv\":"
            + "\"SENTINEL\"" + ""","passwordFile":"/run/secrets/redis","tls":"none"}""";
        const string feeds = """{"cluster":["10.0.3.1:6379","10.0.3.2:6379"],"user":"pinfold",""" + "\"passwordEnv\":"
            + "\"REDIS\"" + ""","tls":"verifyFull"}""";
        Encoding.UTF8.GetString(map.ToJson().Span).ShouldContain($$"""
              "redis": {
                "counters": {{counters}},
                "feeds": {{feeds}},
                "rateLimits": {"server":"[fd00::9]:6379","tls":"none"}
              }
            """);
        TopologyFile.Check(map.ToJson(), "/srv/topology.json").GetMap().Redis
            .ShouldBe(given.OrderBy(role => role.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void TheDatabasesOfAMapBeginWithItsPrefix()
    {
        var map = TopologyMap.Create(1, 16, [Db1], [new ShardRange(new ShardId(0), new ShardId(15), "db1")],
            databasePrefix: "staging");

        var again = TopologyFile.Check(map.ToJson(), "/srv/topology.json").GetMap();

        again.GetServer("db1").ShouldBe(Db1 with { Databases = new DatabaseNames("staging") });
        (again.Databases.Server, again.Databases.Of(new ShardId(15))).ShouldBe(("staging", "staging00015"));
        again.Draw().ToString().ShouldContain("databases staging and staging00000 to staging00015");
    }

    [Fact]
    public void EqualServersOfTwoMapsAreEqual()
    {
        var again = TopologyFile.Check(Map.ToJson(), "/elsewhere/topology.json").GetMap();

        again.Servers.ShouldBe(Map.Servers);
        again.GetServer("db1").GetHashCode().ShouldBe(Map.GetServer("db1").GetHashCode());
        (Db1 with { ConnectionsMax = 33 }).ShouldNotBe(Db1);
        (Db1 with { Replicas = [new HostPort("10.0.0.2", 3306)] }).ShouldNotBe(Db1);
    }

    [Fact]
    public void ARangePerShardOfTheMostShardsIsRead()
    {
        var map = TopologyMap.Create(1, TopologyMap.ShardCountMax, [Db1],
            Enumerable.Range(0, TopologyMap.ShardCountMax).Select(
                shard => new ShardRange(new ShardId(shard), new ShardId(shard), "db1", Epoch: shard + 1)));

        map.Shard(new ShardId(65535)).Epoch.ShouldBe(65536);
        map.ToJson().Length.ShouldBeLessThan(TopologyFile.FileBytesMax);
    }

    [Fact]
    public void TheEmbeddedMapHasEveryShardInOneFolderAndOpen()
    {
        var map = TopologyMap.Embedded("data");

        map.ShardCount.ShouldBe(16);
        map.Shard(new ShardId(15)).ShouldBe(new ShardPlacement(
            new SqliteServerSpec("embedded", Path.GetFullPath("data")), 1, Open: true));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65537)]
    public void AnEmbeddedMapOfAnImpossibleShardCountIsRefused(int shardCount) =>
        Should.Throw<PinfoldException>(() => TopologyMap.Embedded("data", shardCount)).Message
            .ShouldContain($"\"shardCount\" is {shardCount}: it should be a whole number from 1 to 65536.");

    [Fact]
    public void TheDrawingShowsTheMapAtAGlance()
    {
        Map.Draw(8).ToString().ShouldBe("""
            version 3, 16 shards, names on 16, databases pinfold and pinfold00000 to pinfold00015
            0 [aaaaBBAA] 15
            A  db1       12 shards  75.0 %  new owners  25.0 %  10.0.0.1:3306
                     0 to     7  epoch 1  closed
                    12 to    15  epoch 4  open, weight 1
            B  db2        4 shards  25.0 %  new owners  75.0 %  /srv/db2
                     8 to    11  epoch 2  open, weight 3
            C  spare      0 shards   0.0 %  new owners   0.0 %  /srv/spare

            """);
        Map.Draw(64).Bar.ShouldBe("aaaaaaaaBBBBAAAA");
    }

    [Theory]
    [InlineData("db1:3306", "db1", 3306)]
    [InlineData("[fd00::1]:1", "fd00::1", 1)]
    public void AnAddressIsReadAndWrittenTheSame(string text, string host, int port)
    {
        HostPort.TryParse(text, out var address).ShouldBeTrue();
        address.ShouldBe(new HostPort(host, port));
        address.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("db1")]
    [InlineData(":3306")]
    [InlineData("db1:")]
    [InlineData("db1:0")]
    [InlineData("db1:65536")]
    [InlineData("db1:+1")]
    [InlineData("fd00::1:1")]
    [InlineData("[db1]:1")]
    [InlineData("[[::1]]:1")]
    [InlineData("a b:1")]
    public void WhatIsNoAddressIsNotRead(string text) => HostPort.TryParse(text, out _).ShouldBeFalse();
}
