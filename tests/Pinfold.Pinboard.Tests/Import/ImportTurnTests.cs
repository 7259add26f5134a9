using System.Globalization;
using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Import;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;
using Shouldly;
using Xunit;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Tests.Import;

/// <summary>Imports that were handed in on a page, with turns so short that each is one row.</summary>
public sealed class ImportTurnTests
{
    [Fact]
    public async Task ALongImportTakesManyTurnsAndCountsEachRowOnce()
    {
        await using var pinboard = await StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var id = await HandInAsync(pinboard, mira, links: 25);
        var job = await ToTheEndAsync(pinboard, id);
        (job.State, job.StoredAs, job.Problem).ShouldBe((ImportState.Done, null, null));
        (job.Tally.Rows, job.Tally.Folders, job.Tally.Added, job.Tally.Present).ShouldBe((25, 1, 25, 0));
        (job.Tally.Boards, job.Turn).ShouldBe((1, 26));
        (await pinboard.Store.CountAsync(UserHasPins, mira.Id)).ShouldBe(25);
        (await pinboard.Get<FollowerHost>().Parked.ListAsync()).ShouldBeEmpty();
        Directory.EnumerateFileSystemEntries(pinboard.Get<Installation>().ImportFolder).ShouldBeEmpty();
    }

    [Fact]
    public async Task AShortImportDoesNotWaitForTheEndOfALongOneBeforeIt()
    {
        await using var pinboard = await StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var @long = await HandInAsync(pinboard, mira, links: 40);
        var @short = await HandInAsync(pinboard, mira, links: 2, "short");
        await ToTheEndAsync(pinboard, @long);
        await ToTheEndAsync(pinboard, @short);
        (await pinboard.Store.GetAsync(@short)).Seq.ShouldBeLessThan((await pinboard.Store.GetAsync(@long)).Seq);
    }

    [Fact]
    public async Task AStoppedImportGoesOnWhereItWasWhenItsOwnerSaysSo()
    {
        await using var pinboard = await StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var imports = pinboard.Get<ImportService>();
        var id = await HandInAsync(pinboard, mira, links: 10);
        await TurnAsync(pinboard, id, 0);
        await TurnAsync(pinboard, id, 1);
        await imports.StopAsync(mira.Viewer, id, default);
        await TurnAsync(pinboard, id, 2);
        var stopped = (await pinboard.Store.GetAsync(id)).Body;
        (stopped.State, stopped.Position, stopped.Tally.Added).ShouldBe((ImportState.Stopped, 2, 1));
        stopped.StoredAs.ShouldNotBeNull();

        await imports.GoOnAsync(mira.Viewer, id, default);
        var job = await ToTheEndAsync(pinboard, id);
        (job.State, job.Tally.Added, job.Tally.Present).ShouldBe((ImportState.Done, 10, 0));
    }

    [Fact]
    public async Task AnImportOfSomebodyElseCanNeitherBeStoppedNorSeen()
    {
        await using var pinboard = await StartAsync();
        var (mira, ida) = (await pinboard.AddUserAsync("mira"), await pinboard.AddUserAsync("ida"));
        var id = await HandInAsync(pinboard, mira, links: 3);
        foreach (var attempt in (Func<Task>[])[
            () => pinboard.Get<ImportService>().StopAsync(ida.Viewer, id, default),
            () => pinboard.Get<ImportService>().GoOnAsync(ida.Viewer, id, default),
            () => pinboard.Get<ImportService>().GetAsync(Viewer.Anybody, id, default)])
            (await Should.ThrowAsync<PinfoldException>(attempt())).Kind.ShouldBe(ErrorKind.NotFound);
        (await ToTheEndAsync(pinboard, id)).Tally.Added.ShouldBe(3);
    }

    [Fact]
    public async Task ATurnThatComesAgainOrTooLateChangesNothing()
    {
        await using var pinboard = await StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var id = await HandInAsync(pinboard, mira, links: 6);
        await TurnAsync(pinboard, id, 0);
        await TurnAsync(pinboard, id, 1);
        var before = await pinboard.Store.GetAsync(id);
        await TurnAsync(pinboard, id, 0);
        await TurnAsync(pinboard, id, 1);
        (await pinboard.Store.GetAsync(id)).Version.ShouldBe(before.Version);
        for (var turn = 2; turn <= 7; turn++)
            await TurnAsync(pinboard, id, turn);
        var done = await pinboard.Store.GetAsync(id);
        (done.Body.State, done.Body.Tally.Added).ShouldBe((ImportState.Done, 6));
        await TurnAsync(pinboard, id, 7);
        (await pinboard.Store.GetAsync(id)).Version.ShouldBe(done.Version);
    }

    [Fact]
    public async Task KilledBeforeItsTurnWasSavedAnImportFindsWhatItMade()
    {
        await using var pinboard = await StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var id = await HandInAsync(pinboard, mira, links: 4);
        var job = (await pinboard.Store.GetAsync(id)).Body;
        var rows = ImportSource.Bookmarks(pinboard.Get<ImportService>().PathOf(job.StoredAs!), "Imported", default);
        await pinboard.Get<ImportRunner>().RunAsync(mira.Id, rows, null, default);

        (await ToTheEndAsync(pinboard, id)).State.ShouldBe(ImportState.Done);
        (await pinboard.Store.CountAsync(UserHasPins, mira.Id)).ShouldBe(4);
        (await pinboard.Store.CountAsync(UserHasBoards, mira.Id)).ShouldBe(1);
    }

    [Fact]
    public async Task KilledBetweenItsEndAndItsFileAnImportStaysDoneAndTheFileGoes()
    {
        await using var pinboard = await StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var id = await HandInAsync(pinboard, mira, links: 1);
        for (var turn = 0; turn < 3; turn++)
            await TurnAsync(pinboard, id, turn);
        var done = await pinboard.Store.GetAsync(id);
        var transaction = pinboard.Store.Begin(id.Shard);
        transaction.Update(id, done.Body with { StoredAs = $"{mira.Id}-left" });
        await transaction.CommitAsync();
        await File.WriteAllTextAsync(pinboard.Get<ImportService>().PathOf($"{mira.Id}-left"), "no bookmarks");

        await TurnAsync(pinboard, id, 2);
        var after = (await pinboard.Store.GetAsync(id)).Body;
        (after.State, after.Problem, after.StoredAs).ShouldBe((ImportState.Done, null, null));
        Directory.EnumerateFileSystemEntries(pinboard.Get<Installation>().ImportFolder).ShouldBeEmpty();
    }

    [Fact]
    public async Task AFileThatIsNoImportFailsWithTheReasonAndGoes()
    {
        await using var pinboard = await StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var name = pinboard.Get<ReceivedFiles>().NewName(mira.Id);
        await File.WriteAllBytesAsync(
            pinboard.Get<ImportService>().PathOf(name), [0xFF, 0xD8, 0xFF, 0xE0, .. new byte[500]]);
        var id = await pinboard.Get<ImportService>().StartAsync(mira.Id, "photo.html", name, default);
        var job = await ToTheEndAsync(pinboard, id);
        job.State.ShouldBe(ImportState.Failed);
        job.Problem!.ShouldContain("JPEG");
        Directory.EnumerateFileSystemEntries(pinboard.Get<Installation>().ImportFolder).ShouldBeEmpty();
    }

    [Fact]
    public async Task ItIsKnownHowFarAnImportIs()
    {
        await using var pinboard = await StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var id = await HandInAsync(pinboard, mira, links: 9);
        await TurnAsync(pinboard, id, 0);
        var begun = (await pinboard.Store.GetAsync(id)).Body;
        // The folder is an entry too.
        (begun.Position, begun.Total, begun.SincePosition).ShouldBe((1, 10, 0));
        begun.Since.ShouldNotBeNull();
        await TurnAsync(pinboard, id, 1);
        var on = (await pinboard.Store.GetAsync(id)).Body;
        (on.Position, on.Total, on.Since).ShouldBe((2, 10, begun.Since));
        await pinboard.Get<ImportService>().StopAsync(mira.Viewer, id, default);
        await pinboard.Get<ImportService>().GoOnAsync(mira.Viewer, id, default);
        (await pinboard.Store.GetAsync(id)).Body.Since.ShouldBeNull("the time that it was stopped does not count");
    }

    [Fact]
    public async Task OnlySoManyImportsOfOnePersonMayWait()
    {
        await using var pinboard = await StartAsync();
        var (mira, ida) = (await pinboard.AddUserAsync("mira"), await pinboard.AddUserAsync("ida"));
        for (var i = 0; i < ReceivedFiles.OfOnePersonMax; i++)
            await HandInAsync(pinboard, mira, links: 1, $"{i}");
        Should.Throw<PinfoldException>(() => pinboard.Get<ReceivedFiles>().NewName(mira.Id))
            .Kind.ShouldBe(ErrorKind.LimitExceeded);
        pinboard.Get<ReceivedFiles>().NewName(ida.Id).ShouldStartWith($"{ida.Id}-");
    }

    [Fact]
    public async Task FilesOfNoImportAndOfImportsThatStayStoppedAreSweptOthersAreNot()
    {
        await using var pinboard = await StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var imports = pinboard.Get<ImportService>();
        var (waiting, stopped, fresh) = (await HandInAsync(pinboard, mira, 1, "a"),
            await HandInAsync(pinboard, mira, 1, "b"), await HandInAsync(pinboard, mira, 1, "c"));
        await imports.StopAsync(mira.Viewer, stopped, default);
        await imports.StopAsync(mira.Viewer, fresh, default);
        var orphan = imports.PathOf(pinboard.Get<ReceivedFiles>().NewName(mira.Id));
        await File.WriteAllTextAsync(orphan, "half");
        (await imports.SweepAsync(default)).ShouldBe(0, "an upload may be under way");

        var longAgo = TimeProvider.System.GetUtcNow().UtcDateTime - ReceivedFiles.KeptFor - TimeSpan.FromHours(1);
        foreach (var path in new[] { orphan, await PathAsync(waiting), await PathAsync(stopped) })
            File.SetLastWriteTimeUtc(path, longAgo);
        (await imports.SweepAsync(default)).ShouldBe(2);
        File.Exists(orphan).ShouldBeFalse();
        var given = (await pinboard.Store.GetAsync(stopped)).Body;
        (given.State, given.StoredAs).ShouldBe((ImportState.Failed, null));
        given.Problem!.ShouldContain("7 days");
        File.Exists(await PathAsync(waiting)).ShouldBeTrue();
        File.Exists(await PathAsync(fresh)).ShouldBeTrue();

        async Task<string> PathAsync(ObjectId<ImportJob> id) =>
            imports.PathOf((await pinboard.Store.GetAsync(id)).Body.StoredAs!);
    }

    static Task<TestPinboard> StartAsync() =>
        TestPinboard.StartAsync(configure: settings => settings.ImportTurn = TimeSpan.Zero);

    static async Task<ObjectId<ImportJob>> HandInAsync(
        TestPinboard pinboard, TestUser owner, int links, string site = "long")
    {
        var name = pinboard.Get<ReceivedFiles>().NewName(owner.Id);
        var text = string.Concat(Enumerable.Range(1, links)
            .Select(i => $"<DT><A HREF=\"https://{site}.example/{i}\">Link {i}</A>\n"));
        await File.WriteAllTextAsync(pinboard.Get<ImportService>().PathOf(name),
            $"<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>\n<DT><H3>Walks</H3>\n<DL><p>\n{text}</DL><p>\n</DL><p>\n");
        return await pinboard.Get<ImportService>().StartAsync(owner.Id, "bookmarks.html", name, default);
    }

    /// <summary>Gives the follower the turn itself, as the journal would.</summary>
    static ValueTask TurnAsync(TestPinboard pinboard, ObjectId<ImportJob> id, int turn) =>
        pinboard.Follower<ImportFollower>().HandleAsync(new JournalTransaction(id.Shard, 1, default, default, [
            turn == 0 ? new JournalEntry(JournalEntryKind.Created, id)
                : new JournalEntry(JournalEntryKind.Event, id, Name: ImportJob.GoesOn,
                    Payload: turn.ToString(CultureInfo.InvariantCulture)),
        ]), default);

    static async Task<ImportJob> ToTheEndAsync(TestPinboard pinboard, ObjectId<ImportJob> id)
    {
        const int TurnsMax = 100;
        for (var i = 0; i < TurnsMax; i++)
        {
            await pinboard.FollowAsync();
            if ((await pinboard.Store.GetAsync(id)).Body is { IsUnderWay: false, StoredAs: null } ended)
                return ended;
        }
        throw new InvalidOperationException($"The import had not ended after {TurnsMax} turns.");
    }
}
