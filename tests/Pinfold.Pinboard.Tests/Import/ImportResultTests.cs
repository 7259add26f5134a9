using Pinfold.Pinboard.Import;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Import;

public sealed class ImportResultTests
{
    static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("=HYPERLINK(\"https://x.example\")", "\"'=HYPERLINK(\"\"https://x.example\"\")\"")]
    [InlineData("+1", "\"'+1\"")]
    [InlineData("-1", "\"'-1\"")]
    [InlineData("@SUM(A1)", "\"'@SUM(A1)\"")]
    [InlineData("  =1", "\"'  =1\"")]
    [InlineData("\t=1", "\"' =1\"")]
    [InlineData("walks, day 1/a.jpg", "\"walks, day 1/a.jpg\"")]
    [InlineData("two\r\nlines", "\"two  lines\"")]
    [InlineData("a=b", "\"a=b\"")]
    public void NoCellIsTakenForAFormulaOrLeavesItsRow(string what, string cell) =>
        ProblemTable.Line(new RowProblem(7, what, "It is cut short.", IsRefused: true))
            .ShouldBe($"7,refused,{cell},\"It is cut short.\"\r\n");

    [Theory]
    [InlineData(12, 9, 3, 0, "9 added, 3 there already, 0 refused.")]
    [InlineData(0, 0, 0, 0, "Nothing was added: there was nothing in it that could be.")]
    [InlineData(1200, 0, 1200, 0, "Nothing was added: all 1,200 were there already.")]
    [InlineData(1, 0, 1, 0, "Nothing was added: it was there already.")]
    [InlineData(3, 0, 0, 3, "Nothing was added: all 3 were refused, for the reasons below.")]
    [InlineData(1, 0, 0, 1, "Nothing was added: it was refused, for the reasons below.")]
    [InlineData(2, 0, 1, 1, "Nothing was added: 1 was there already, and 1 was refused, for the reasons below.")]
    [InlineData(5, 0, 3, 2, "Nothing was added: 3 were there already, and 2 were refused, for the reasons below.")]
    public void WhenNothingWasAddedItSaysSoAndWhy(long rows, long added, long present, long refused, string words) =>
        ImportWords.Of(ImportResult.Empty with { Rows = rows, Added = added, Present = present, Refused = refused })
            .ShouldBe(words);

    [Fact]
    public void MoreProblemsThanAreKeptAreCountedAndAllAreTold()
    {
        var told = new List<RowProblem>();
        var tally = new ImportTally(ImportResult.Empty, told.Add);
        for (var i = 1; i <= ImportResult.ProblemsMax + 23; i++)
        {
            var row = new ImportRow(i, RowKind.Pin, $"{i}") { Url = $"https://a.example/{i}", Title = "A title" };
            tally.Refuse(row, "It is refused.");
        }
        tally.Settle();
        var result = tally.Outcome;
        (result.Problems.Count, result.ProblemsLeftOut).ShouldBe((ImportResult.ProblemsMax, 23));
        told.Count.ShouldBe(ImportResult.ProblemsMax + 23);
        told[^1].What.ShouldBe($"https://a.example/{ImportResult.ProblemsMax + 23}", "named by its address");
    }

    [Fact]
    public void ProblemsAreToldInTheOrderOfTheRowsThoughAPictureTakesItsTime()
    {
        var told = new List<RowProblem>();
        var tally = new ImportTally(ImportResult.Empty, told.Add);
        var rows = new List<ImportRow>();
        foreach (var position in (int[])[4, 5, 9])
            rows.Add(tally.CountRow(new ImportRow(position, RowKind.Pin, $"{position}")));
        foreach (var row in (ImportRow[])[rows[2], rows[0], rows[1]])
            tally.Refuse(row, "It is refused.");
        tally.Note(new ImportRow(3, RowKind.Remark, "3") { Title = "A part" }, "It was not read.");
        tally.Outcome.Problems.Select(p => p.Row).ShouldBe([0, 1, 2, 3]);
        tally.Outcome.Rows.ShouldBe(3);
        ProblemTable.Line(tally.Outcome.Problems[0]).ShouldBe(",noted,\"A part\",\"It was not read.\"\r\n");
        told.ShouldBeEmpty("others of these rows have no result yet");
        tally.Settle();
        told.ShouldBe(tally.Outcome.Problems);
    }

    [Theory]
    [InlineData(5, "a few seconds left")]
    [InlineData(45, "less than a minute left")]
    [InlineData(70, "about a minute left")]
    [InlineData(200, "about 3 minutes left")]
    [InlineData(4000, "about an hour left")]
    [InlineData(9000, "about 2 hours left")]
    public void TimeLeftIsSaidNoMoreExactlyThanItIsKnown(double seconds, string words) =>
        ImportWords.TimeLeft(TimeSpan.FromSeconds(seconds)).ShouldBe(words);

    [Fact]
    public void TimeLeftFollowsFromThePaceOfTheWholeWay()
    {
        var job = Job(ImportState.Running) with
        {
            Total = 1000,
            Since = Noon,
            SincePosition = 100,
            Position = 400,
            SavedAt = Noon.AddSeconds(30),
        };
        job.TimeLeft.ShouldBe(TimeSpan.FromSeconds(60));
        (job with { SavedAt = Noon.AddSeconds(1) }).TimeLeft.ShouldBeNull("too early to tell");
        (job with { Total = 0 }).TimeLeft.ShouldBeNull("nobody knows how much there is");
        (job with { Position = 100 }).TimeLeft.ShouldBeNull();
        (job with { State = ImportState.Stopped }).TimeLeft.ShouldBeNull();
    }

    static ImportJob Job(ImportState state) =>
        new(default, "a.html", "a", state, ImportResult.Empty, Noon, null);
}
