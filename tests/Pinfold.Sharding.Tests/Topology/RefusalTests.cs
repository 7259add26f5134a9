using System.Text;
using Pinfold.Sharding.Topology;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Topology.RefusalCase;

namespace Pinfold.Sharding.Tests.Topology;

public sealed class RefusalTests
{
    const string Path = "/srv/pinfold/topology.json";

    public static TheoryData<string> Names => [.. RefusalCases.All.Select(refusal => refusal.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void EachRefusalNamesTheLineWhatIsWrongAndWhatWouldBeRight(string name)
    {
        var refusal = RefusalCases.All.Single(refusal => refusal.Name == name);

        var check = Check(refusal.Json);

        check.Problems.Select(problem => (problem.Line, problem.Message)).ShouldBe(refusal.Problems);
        check.Map.ShouldBeNull();
    }

    [Fact]
    public void TheTopologyThatTheCasesChangeIsRight() => Check(File()).GetMap().ShardCount.ShouldBe(16);

    [Fact]
    public void AllProblemsAreToldAtOnceInTheOrderOfTheirLines()
    {
        var check = Check(File(
            head: """  "version": 0, "shardCount": 16, "nameShards": 99,""",
            servers: """  "servers": [ { "name": "db1", "engine": "sqlite", "folder": "\u0000" } ],""",
            shards: "  \"shards\": [\n" + Range(0, 3) + ",\n" + Range(3, 9, "db7") + " ]"));

        check.Problems.Select(problem => problem.Line).ShouldBe([2, 2, 3, 6, 6, 6]);
        var refused = Should.Throw<PinfoldException>(() => check.GetMap());
        refused.Kind.ShouldBe(ErrorKind.Invalid);
        refused.Message.ShouldBe($"""
            {Path} is not a valid topology:
              line 2, column 3: "version" is 0: it should be a whole number from 1 up, raised with each change.
              line 2, column 35: "nameShards" is 99: it should be a whole number from 1 to 16, the shardCount.
              line 3, column 53: "folder" has a zero character: it should be a path.
              line 6, column 1: shard 3 is in two ranges: 3 to 9 here, and 0 to 3 on line 5; a shard is in one range.
              line 6, column 1: shards 10 to 15 are on no server: add a range with "first": 10, "last": 15.
              line 6, column 26: no server is called "db7"; did you mean "db1"?
            """);
    }

    [Fact]
    public void TheFirstFiftyOfManyProblemsAreListedAndTheRestCounted()
    {
        var check = Check(WithRanges([.. Enumerable.Range(0, 16).SelectMany(shard =>
            Enumerable.Repeat(Range(shard, shard, "nowhere"), 4))]));

        check.ProblemCount.ShouldBe(64 + 48);
        check.Problems.Count.ShouldBe(TopologyCheck.ProblemsMax);
        check.Describe().ShouldEndWith("\n  and 62 more.");
    }

    [Fact]
    public void ARangeThatCannotBeReadIsNotCalledAGapToo()
    {
        Check(WithRanges(Range(0, 7), """{ "first": "8", "last": 15, "server": "db1", "epoch": 1 }"""))
            .Problems.Select(problem => problem.Message)
            .ShouldBe(["\"first\" is \"8\": it should be the number of a shard, from 0 to 65535."]);
    }

    [Fact]
    public void AColumnCountsCharactersAndNotBytes()
    {
        var problem = Check(File(head: """  "version": 1, /* größer → */ "shardCount": 0,"""))
            .Problems.ShouldHaveSingleItem();

        (problem.Line, problem.Column).ShouldBe((2, 32));
    }

    [Fact]
    public void AFileThatEndsTooEarlyIsRefusedOnItsLastLine() =>
        Check(File()[..^2]).Problems.ShouldHaveSingleItem().Line.ShouldBe(4);

    [Fact]
    public void AFileOfAnotherEncodingIsRefusedWhereItIsNotUtf8()
    {
        var problem = TopologyFile.Check(Encoding.Latin1.GetBytes("{\n  // größer\n}"), Path)
            .Problems.ShouldHaveSingleItem();

        problem.ShouldBe(new TopologyProblem(2, 8, "the file is not UTF-8 text: save it as UTF-8."));
    }

    [Fact]
    public void APictureIsRefused() =>
        TopologyFile.Check(new byte[] { 0xFF, 0xD8, 0xFF, 0xE0 }, Path)
            .Problems.ShouldHaveSingleItem().Line.ShouldBe(1);

    [Fact]
    public void NestingWithoutEndIsRefused() =>
        Check(new string('[', 100_000)).Problems.ShouldHaveSingleItem().Message.ShouldContain("depth");

    [Fact]
    public void AByteOrderMarkIsAllowed() =>
        TopologyFile.Check(Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes(File())).ToArray(), Path)
            .IsValid.ShouldBeTrue();

    [Fact]
    public async Task AFileThatIsTooLargeIsRefusedUnread()
    {
        using var folder = new TempFolder();
        var path = folder.File("topology.json");
        await using (var file = System.IO.File.Create(path))
            file.SetLength(TopologyFile.FileBytesMax + 1);

        var refused = await Should.ThrowAsync<PinfoldException>(
            () => TopologyFile.ReadAsync(path, null, CancellationToken.None));

        refused.Message.ShouldContain("16,777,217 bytes");
    }

    [Fact]
    public void ATopologyGivenInCodeIsRefusedWithoutLines()
    {
        var refused = Should.Throw<PinfoldException>(() => TopologyMap.Create(1, 16,
            [new SqliteServerSpec("db1", "/srv/db1")],
            [new ShardRange(new ShardId(0), new ShardId(7), "db1", Epoch: 0)]));

        refused.Message.ShouldBe("""
            The topology given in code is not a valid topology:
              "epoch" is 0: it should be a whole number from 1 up.
              shards 8 to 15 are on no server: add a range with "first": 8, "last": 15.
            """);
    }

    static TopologyCheck Check(string json) => TopologyFile.Check(Encoding.UTF8.GetBytes(json), Path);
}
