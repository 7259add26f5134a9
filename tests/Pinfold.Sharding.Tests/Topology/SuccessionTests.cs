using System.Text;
using Pinfold.Sharding.Topology;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Topology.RefusalCase;

namespace Pinfold.Sharding.Tests.Topology;

public sealed class SuccessionTests
{
    static readonly TopologyMap Loaded =
        Check(File(head: """  "version": 7, "shardCount": 16, "nameShards": 8,"""), null).GetMap();

    [Fact]
    public void AGreaterVersionFollows() =>
        Follow("""  "version": 9, "shardCount": 16, "nameShards": 8,""").GetMap().Version.ShouldBe(9);

    [Fact]
    public void TheSameAgainIsNoProblem() =>
        Follow("""  "version": 7, "shardCount": 16, "nameShards": 8,""").IsValid.ShouldBeTrue();

    [Fact]
    public void AnOlderVersionIsRefused() =>
        Follow("""  "version": 6, "shardCount": 16, "nameShards": 8,""").Problems.ShouldBe([new TopologyProblem(2, 3,
            "version 6 is older than version 7, which is in use: "
                + "to go back to what it says, publish it as version 8.")]);

    [Fact]
    public void AnotherContentUnderTheSameVersionIsRefused() =>
        Check(File(head: """  "version": 7, "shardCount": 16, "nameShards": 8,""",
            shards: "  \"shards\": [ " + Range(0, 15, more: ", \"weight\": 2") + " ]"), Loaded)
            .Problems.ShouldBe([new TopologyProblem(2, 3,
                "version 7 is in use with other content: a change needs a new version, 8 or higher.")]);

    [Fact]
    public void AnotherShardCountIsRefused() =>
        Check(File(head: """  "version": 8, "shardCount": 32,""",
            shards: "  \"shards\": [ " + Range(0, 31) + " ]"), Loaded)
            .Problems.ShouldBe([new TopologyProblem(2, 17, "shardCount is 32, but this installation has 16 shards, "
                + "and ids were given out for them: it cannot change.")]);

    [Theory]
    [InlineData("""  "version": 8, "shardCount": 16, "nameShards": 4,""", 2, 35, 4)]
    [InlineData("""  "version": 8, "shardCount": 16,""", 1, 1, 16)]
    public void AnotherCountOfNameShardsIsRefused(string head, int line, int column, int count) =>
        Follow(head).Problems.ShouldBe([new TopologyProblem(line, column,
            $"nameShards is {count}, but this installation keeps its names on 8 shards: "
            + "it cannot change, or names would not be found.")]);

    [Fact]
    public void AnotherPrefixOfDatabasesIsRefused() =>
        Follow("""  "version": 8, "shardCount": 16, "nameShards": 8, "databasePrefix": "pins",""").Problems.ShouldBe([
            new TopologyProblem(2, 52, "databasePrefix is \"pins\", but this installation's databases begin with "
                + "\"pinfold\": it cannot change, or they would not be found.")]);

    [Fact]
    public void APublishedMapIsInUseAndTold()
    {
        var source = new FixedTopologySource(TopologyMap.Embedded("/srv/a"));
        var changes = new List<TopologyChange>();
        source.Changed += _ => throw new InvalidOperationException("a fault of one handler");
        source.Changed += changes.Add;
        var next = Embedded(version: 2, shardCount: 16);

        source.Publish(next);

        source.Current.ShouldBe(next);
        changes.ShouldHaveSingleItem().Before.Version.ShouldBe(1);
    }

    [Theory]
    [InlineData(1, 16)]
    [InlineData(2, 8)]
    public void AMapThatMayNotFollowIsNotPublished(int version, int shardCount)
    {
        var first = TopologyMap.Embedded("/srv/a");
        var source = new FixedTopologySource(first);

        Should.Throw<PinfoldException>(() => source.Publish(Embedded(version, shardCount)))
            .Kind.ShouldBe(ErrorKind.Invalid);

        source.Current.ShouldBe(first);
    }

    static TopologyMap Embedded(long version, int shardCount) => TopologyMap.Create(version, shardCount,
        [new SqliteServerSpec("embedded", "/srv/elsewhere")],
        [new ShardRange(new ShardId(0), new ShardId(shardCount - 1), "embedded")]);

    static TopologyCheck Follow(string head) => Check(File(head: head), Loaded);

    static TopologyCheck Check(string json, TopologyMap? loaded) =>
        TopologyFile.Check(Encoding.UTF8.GetBytes(json), "/srv/pinfold/topology.json", loaded);
}
