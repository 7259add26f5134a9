using System.IO.Compression;
using Pinfold.Cli.Tests.Running;
using Pinfold.Pinboard;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Import;

/// <summary>Who follows whom, from an edge list.</summary>
public sealed class FollowImportTests
{
    [Fact]
    public async Task RowsAreTakenAsTheyAreWrittenAndEachThatIsRefusedIsNamedWithItsReason()
    {
        await using var place = Place.Embedded();
        await place.AddUsersAsync("ann", "ben", "cleo");
        await File.WriteAllTextAsync(place["follows.txt"],
            "# who\twhom\r\n\r\nann\tben\r\n  Ann   cleo  \r\nben ann\nann ben\nann ann\nann dora\nann x\n"
            + $"ann\nann ben cleo\nann {new string('y', 5000)}\ncleo ben");
        await using (var compressed = new GZipStream(File.Create(place["follows.gz"]), CompressionLevel.Fastest))
            await compressed.WriteAsync(await File.ReadAllBytesAsync(place["follows.txt"]));

        var first = await place.RunAsync(
            "import", "follows", place["follows.txt"], "--json", "--report", place["report.csv"]);

        var report = new Report(first.ShouldEnd(6).Json);
        (report.Number("rows"), report.Number("added"), report.Number("present"), report.Number("refused"))
            .ShouldBe((11, 4, 1, 6), $"{first}");
        first.Json["problems"]!.AsArray().Select(p => $"{p!["row"]}: {p["why"]}").ShouldBe(
        [
            "7: Nobody can follow themselves.", "8: There is no user \"dora\".",
            "9: \"x\" is no user name, and nobody can have it.",
            "10: A row has two user names: who follows, and whom.",
            "11: A row has two user names: who follows, and whom.",
            "12: A row has two user names: who follows, and whom.",
        ]);
        (await File.ReadAllLinesAsync(place["report.csv"])).Length.ShouldBe(7);
        var again = await place.RunAsync("import", "follows", place["follows.gz"]);
        again.ShouldEnd(6).Out.ShouldStartWith(
            "11 rows. 0 follows added, 5 there already, 6 rows refused; 0 accounts made.");
        await ShouldCountAsync(place, [("ann", 2, 1), ("ben", 1, 2), ("cleo", 1, 1)]);

        (await place.RunAsync("import", "follows", place["none.txt"])).ShouldRefuse(3, "none.txt");
        await File.WriteAllBytesAsync(
            place["cut.gz"], (await File.ReadAllBytesAsync(place["follows.gz"])).AsMemory(..^12));
        (await place.RunAsync("import", "follows", place["cut.gz"])).Code.ShouldBeOneOf(6, 7);
    }

    [Fact]
    public async Task PeopleAreMadeWhereThatIsWantedAndSomebodyIsHereAlready()
    {
        await using var place = Place.Embedded();
        await File.WriteAllTextAsync(place["follows.txt"], "107 108\n108 109\n");
        string[] words =
            ["import", "follows", place["follows.txt"], "--prefix", "u", "--both-ways", "--make-missing"];

        (await place.RunAsync(words)).ShouldRefuse(2, "Nobody has an account here yet");
        await place.AddUsersAsync("ann");
        (await place.RunAsync(words)).ShouldEnd(0).Out.ShouldStartWith(
            "2 rows. 4 follows added, 0 there already, 0 rows refused; 3 accounts made.");
        (await place.RunAsync(words)).ShouldEnd(0).Out.ShouldContain("4 there already");

        await ShouldCountAsync(place, [("u107", 1, 1), ("u108", 2, 2), ("u109", 1, 1)]);
        var users = (await place.RunAsync("user", "list", "--json")).ShouldEnd(0).Json.AsArray();
        users.Single(u => u!["username"]!.GetValue<string>() == "u107")!["role"]!.GetValue<string>()
            .ShouldBe("person");
    }

    public static TheoryData<string> Engines => ["SQLite", "MariaDB"];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task AGraphIsThereWholeAlsoWhenItsImportWasKilledInTheMiddle(string engine)
    {
        await using var place = await Place.OnAsync(engine);
        await place.AddUsersAsync("ann");
        var edges = (await ReadGraphAsync("facebook_combined.txt.gz")).Take(Soak.Times(3000, int.MaxValue))
            .ToList();
        await File.WriteAllLinesAsync(place["graph.txt"], edges.Select(e => $"{e.From} {e.To}"));
        string[] words = ["import", "follows", place["graph.txt"], "--prefix", "fb-", "--both-ways", "--make-missing"];

        await KillOnceItHasBegunAsync(place, words, $"fb-{edges[0].From}");
        (await place.RunAsync(words)).ShouldEnd(0).Out.ShouldContain("0 rows refused");

        var expected = edges.SelectMany(e => new[] { e.From, e.To }).CountBy(name => name);
        await ShouldCountAsync(place, [.. expected.Select(e => ($"fb-{e.Key}", (long)e.Value, (long)e.Value))]);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task AGraphOfFollowsIsThereWhole(string engine)
    {
        await using var place = await Place.OnAsync(engine);
        await place.AddUsersAsync("ann");
        var edges = (await ReadGraphAsync("soc-Epinions1-part.txt.gz")).Distinct()
            .Take(Soak.Times(2000, int.MaxValue)).ToList();
        await File.WriteAllLinesAsync(place["graph.txt"], edges.Select(e => $"{e.From}\t{e.To}"));

        var finished = await place.RunAsync(
            "import", "follows", place["graph.txt"], "--prefix", "ep-", "--make-missing", "--json");
        new Report(finished.ShouldEnd(0).Json).Number("added").ShouldBe(edges.Count);

        var follows = edges.CountBy(e => e.From).ToDictionary();
        var followed = edges.CountBy(e => e.To).ToDictionary();
        await ShouldCountAsync(place, [.. follows.Keys.Union(followed.Keys).Select(name =>
            ($"ep-{name}", (long)follows.GetValueOrDefault(name), (long)followed.GetValueOrDefault(name)))]);
    }

    static async Task KillOnceItHasBegunAsync(Place place, string[] words, string first)
    {
        await using var opened = await place.OpenAsync();
        var all = place.Words(words);
        using var process = PinfoldProgram.Start(all);
        var finished = PinfoldProgram.FinishAsync(process, all);
        while (!process.HasExited && await FollowsAsync(opened, first) == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(1));
        process.Kill();
        (await finished).Code.ShouldBeOneOf([137, 0], $"{await finished}");
    }

    static async Task<long> FollowsAsync(OpenPlace opened, string name) =>
        await opened.Store.Names.FindOwnerAsync(PinboardModel.UsernameKind, name) is { } id
            ? await opened.Store.CountAsync(PinboardModel.UserFollowsUser, Pinboard.User.Type.Id(id))
            : 0;

    /// <summary>What each follows, and is followed by.</summary>
    static async Task ShouldCountAsync(Place place, IReadOnlyList<(string Name, long Follows, long Followed)> people)
    {
        await using var opened = await place.OpenAsync();
        foreach (var part in people.Chunk(200))
        {
            var ids = await Task.WhenAll(part.Select(async p => Pinboard.User.Type.Id(
                (await opened.Store.Names.FindOwnerAsync(PinboardModel.UsernameKind, p.Name))!.Value)));
            var read = opened.Store.Read();
            var follows = ids.Select(id => read.Count(PinboardModel.UserFollowsUser, id)).ToList();
            var followed = ids.Select(id => read.Count(PinboardModel.UserFollowedByUser, id)).ToList();
            await read.ExecuteAsync();
            part.Select((p, i) => (p.Name, follows[i].Value, followed[i].Value)).ShouldBe(part);
        }
    }

    static string Graph(string name)
    {
        var path = SharedData.Find($"graph/{name}");
        Assert.SkipWhen(path is null, "The graphs are not on this machine.");
        return path!;
    }

    static async Task<List<(string From, string To)>> ReadGraphAsync(string name)
    {
        await using var file = new GZipStream(File.OpenRead(Graph(name)), CompressionMode.Decompress);
        using var text = new StreamReader(file);
        var edges = new List<(string, string)>();
        while (await text.ReadLineAsync() is { } line)
            if (!line.StartsWith('#') && line.Split((char[])[' ', '\t']) is [var from, var to])
                edges.Add((from, to));
        return edges;
    }
}
