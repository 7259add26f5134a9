using Pinfold.Pinboard.Import;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Import.Times;

public sealed class FileOrderTests
{
    static readonly DateTimeOffset Begun = new(2025, 6, 7, 8, 9, 10, TimeSpan.Zero);

    [Fact]
    public async Task PinsOfOneTimeKeepTheOrderOfTheFileAndTheirTime()
    {
        var rows = await KeepAsync([100, 200, 100, 200, 200, 100, 300]);
        rows.Select(r => r.AddedAt!.Value.ToUnixTimeSeconds()).ShouldBe([100, 200, 100, 200, 200, 100, 300]);
        Shown(rows).ShouldBe([7, 2, 4, 5, 1, 3, 6]);
    }

    [Fact]
    public async Task ThousandsOfOneTimeKeepTheirOrder()
    {
        var rows = await KeepAsync([.. Enumerable.Repeat<long?>(1_600_000_000, 20_000)]);
        Shown(rows).ShouldBe(Enumerable.Range(1, 20_000).Select(n => (long)n));
    }

    [Fact]
    public async Task WhatHasNoTimeStandsJustBelowTheOlderOfItsNeighbours()
    {
        var rows = await KeepAsync([null, 200, null, null, 100, null]);
        var times = rows.ConvertAll(r => r.AddedAt!.Value.ToUnixTimeMilliseconds());
        times.ShouldBe([199_999, 200_000, 99_999, 99_999, 100_000, 99_999]);
        Shown(rows).ShouldBe([2, 1, 5, 3, 4, 6]);
    }

    [Fact]
    public async Task AFileTakesNoTimeFromAnotherThatIsHandedInWithIt()
    {
        var joined = new JoinedRows();
        var rows = new List<ImportRow>();
        foreach (var seconds in (long?[][])[[null, 200, null], [null, null], [null, 100]])
            rows.AddRange(await Rows.ListAsync(
                joined.AddAsync("a file", Source([.. seconds.Select((time, i) => Row(i + 1, time))]))));
        var kept = await Rows.ListAsync(FileOrder.KeepAsync(Source(rows), Begun, CancellationToken.None));
        var begun = Begun.ToUnixTimeMilliseconds();
        kept.ConvertAll(r => r.AddedAt!.Value.ToUnixTimeMilliseconds())
            .ShouldBe([199_999, 200_000, 199_999, begun, begun, 99_999, 100_000]);
    }

    [Fact]
    public async Task WithoutAnyTimeTheFilesOrderBeginsWithTheImport()
    {
        var rows = await KeepAsync([.. Enumerable.Repeat<long?>(null, 2000)]);
        rows.ShouldAllBe(r => r.AddedAt == Begun);
        Shown(rows).ShouldBe(Enumerable.Range(1, 2000).Select(n => (long)n));
    }

    [Fact]
    public async Task ATimeThatLiesAheadIsSaidAndDoesNotStandAboveAll()
    {
        var rows = await KeepAsync([200, Begun.AddYears(100).ToUnixTimeSeconds(), 100]);
        rows[1].AddedAt!.Value.ToUnixTimeMilliseconds().ShouldBe(99_999);
        rows[1].Note!.ShouldContain("“2125-06-07” is out of range");
        rows[0].Note.ShouldBeNull();
    }

    [Fact]
    public async Task AnUnreadableDateIsARemarkOnItsRowAndNotNewerThanThoseBesideIt()
    {
        var (_, read) = await Rows.DetectSampleAsync("invalid-date.htm");
        var rows = await Rows.ListAsync(FileOrder.KeepAsync(Source(read), Begun, CancellationToken.None));
        rows.Count.ShouldBe(2);
        rows[0].Problem.ShouldBeNull();
        rows[0].Note!.ShouldContain("“invaliddate” cannot be read");
        rows[0].AddedAt!.Value.ShouldBeLessThanOrEqualTo(rows[1].AddedAt!.Value);
    }

    [Fact]
    public async Task WhatWaitsIsNotLostWhenTheSourceEndsInAnError()
    {
        var rows = new List<ImportRow>();
        var error = await Should.ThrowAsync<PinfoldException>(async () =>
        {
            await foreach (var row in FileOrder.KeepAsync(Broken(), Begun, CancellationToken.None))
                rows.Add(row);
        });
        error.Message.ShouldBe("torn");
        rows.Select(r => r.Position).ShouldBe([1L, 2L]);

        static async IAsyncEnumerable<ImportRow> Broken()
        {
            yield return Row(1, null);
            yield return Row(2, null);
            await Task.CompletedTask;
            throw new PinfoldException(ErrorKind.Invalid, "torn");
        }
    }

    /// <summary>As lists show them: the largest sequence first.</summary>
    static IEnumerable<long> Shown(List<ImportRow> rows)
    {
        var places = rows.ConvertAll(r => (r.Position, Place: r.Order ?? r.AddedAt!.Value.ToUnixTimeMilliseconds()));
        places.Select(p => p.Place).Distinct().Count().ShouldBe(rows.Count);
        return places.OrderByDescending(p => p.Place).Select(p => p.Position);
    }

    static Task<List<ImportRow>> KeepAsync(IReadOnlyList<long?> seconds) => Rows.ListAsync(FileOrder.KeepAsync(
        Source([.. seconds.Select((time, i) => Row(i + 1, time))]), Begun, CancellationToken.None));

    static ImportRow Row(long position, long? seconds) => new(position, RowKind.Pin, $"key {position}")
    {
        AddedAt = seconds is { } time ? DateTimeOffset.FromUnixTimeSeconds(time) : null,
    };

    static async IAsyncEnumerable<ImportRow> Source(IReadOnlyList<ImportRow> rows)
    {
        foreach (var row in rows)
            yield return row;
        await Task.CompletedTask;
    }
}
