using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Import;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Shouldly;
using Xunit;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Tests.Import;

/// <summary>An import while something else happens to the same person's boards.</summary>
public sealed class ImportAtOnceTests
{
    const int Links = 250;

    [Fact]
    public async Task ImportsOfOneSourceAtOnceAddEachRowOnce()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RunAsync(pinboard, mira, Rows())));
        results.Sum(r => r.Added).ShouldBe(Links);
        results.ShouldAllBe(r => r.Added + r.Present == Links && r.Refused == 0);
        results.Sum(r => r.Boards).ShouldBe(1);
        results.Sum(r => r.Sections).ShouldBe(1);
        (await PinsAsync(pinboard, mira)).Select(p => p.ImportKey).Distinct().Count().ShouldBe(Links);
        (await pinboard.Store.CountAsync(UserHasPins, mira.Id)).ShouldBe(Links);
        (await BoardsAsync(pinboard, mira)).ShouldBe(["Walks"]);
    }

    [Fact]
    public async Task ABoardDeletedDuringAnImportIsMadeAgainForTheRest()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var result = await RunAsync(pinboard, mira, Rows(at: 150, async () => await pinboard.Boards.DeleteAsync(
            mira.Viewer, (await pinboard.Boards.ListAsync(mira.Id, default)).Single().To, default)));
        (result.Added, result.Boards).ShouldBe((Links, 2));
        (await BoardsAsync(pinboard, mira)).ShouldBe(["Walks"]);
        var pins = await PinsAsync(pinboard, mira);
        pins.Count.ShouldBe(Links - 100, "what was on the deleted board went with it");
        foreach (var pin in pins)
            (await pinboard.Store.FindAsync(pin.Board)).ShouldNotBeNull();
    }

    [Fact]
    public async Task ASectionDeletedDuringAnImportIsMadeAgainForTheRest()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var result = await RunAsync(pinboard, mira, Rows(at: 150, async () =>
        {
            var board = (await pinboard.Boards.ListAsync(mira.Id, default)).Single().To;
            var section = (await pinboard.Boards.ListSectionsAsync(board, default)).Single();
            await pinboard.Boards.DeleteSectionAsync(mira.Viewer, section.Id, default);
        }));
        (result.Added, result.Sections).ShouldBe((Links, 2));
        foreach (var pin in (await PinsAsync(pinboard, mira)).Where(p => !p.Section.IsNone))
            (await pinboard.Store.FindAsync(pin.Section)).ShouldNotBeNull();
    }

    [Fact]
    public async Task ABoardThatIsRenamedStaysThePlaceOfItsFolderAlsoForALaterImport()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        await RunAsync(pinboard, mira, Rows(at: 150, async () => await pinboard.Boards.UpdateAsync(
            mira.Viewer, (await pinboard.Boards.ListAsync(mira.Id, default)).Single().To, "Days out", null, false,
            default)));
        var again = await RunAsync(pinboard, mira, Rows(links: Links + 5));
        (again.Added, again.Present, again.Boards, again.Sections).ShouldBe((5, Links, 0, 0));
        (await BoardsAsync(pinboard, mira)).ShouldBe(["Days out"]);
    }

    [Fact]
    public async Task WhatIsImportedToASecretBoardOfTheNameStaysSecret()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var (mira, ida) = (await pinboard.AddUserAsync("mira"), await pinboard.AddUserAsync("ida"));
        await pinboard.AddBoardAsync(mira, "walks", isSecret: true);
        (await RunAsync(pinboard, mira, Rows())).Boards.ShouldBe(0);
        (await BoardsAsync(pinboard, mira)).ShouldBe(["walks"]);
        (await pinboard.Profiles.FindAsync(ida.Viewer, "mira", default))!.Boards.ShouldBeEmpty();
        var pin = (await pinboard.Store.PageAsync(UserHasPins, mira.Id, new PageRequest(1))).Items.Single().To;
        (await Should.ThrowAsync<PinfoldException>(pinboard.Pins.GetAsync(ida.Viewer, pin, default)))
            .Kind.ShouldBe(ErrorKind.NotFound);
    }

    static Task<ImportResult> RunAsync(TestPinboard pinboard, TestUser owner, IAsyncEnumerable<ImportRow> rows) =>
        pinboard.Get<ImportRunner>().RunAsync(owner.Id, rows, null, default);

    /// <summary>
    /// Links of one folder, every other in a folder within; <paramref name="then"/> happens before one.
    /// </summary>
    static async IAsyncEnumerable<ImportRow> Rows(int at = 0, Func<Task>? then = null, int links = Links)
    {
        for (var i = 1; i <= links; i++)
        {
            await Task.Yield();
            if (i == at)
                await then!();
            yield return new ImportRow(i, RowKind.Pin, $"key {i}")
            {
                Board = "Walks",
                Section = i % 2 == 0 ? "North" : null,
                Title = $"Walk {i}",
                Url = $"https://walks.example/{i}",
                AddedAt = DateTimeOffset.UnixEpoch.AddDays(i),
            };
        }
    }

    static async Task<IReadOnlyList<Pin>> PinsAsync(TestPinboard pinboard, TestUser owner)
    {
        var page = await pinboard.Store.PageAsync(UserHasPins, owner.Id, new PageRequest(10_000));
        return [.. (await pinboard.Store.FindManyAsync([.. page.Items.Select(e => e.To)])).Select(p => p!.Body)];
    }

    static async Task<IEnumerable<string>> BoardsAsync(TestPinboard pinboard, TestUser owner)
    {
        var entries = await pinboard.Boards.ListAsync(owner.Id, default);
        return (await pinboard.Store.FindManyAsync<Board>([.. entries.Select(e => e.To)])).Select(b => b!.Body.Name);
    }
}
