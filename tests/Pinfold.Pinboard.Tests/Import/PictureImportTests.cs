using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Import;
using Pinfold.Pinboard.Pictures;
using Pinfold.Pinboard.Tests.Images;
using Pinfold.Sharding;
using Shouldly;
using Xunit;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Tests.Import;

/// <summary>An import says "added" of pictures that can be shown.</summary>
public sealed class PictureImportTests(PinboardEngines engines) : IClassFixture<PinboardEngines>
{
    static readonly string Samples = Path.Combine(AppContext.BaseDirectory, "Samples", "images");

    public static TheoryData<string> Engines => PinboardEngines.Names;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task OneIsAddedAndReadyAndThreeAreRefusedByTheirPaths(string engine)
    {
        var pinboard = engines[engine];
        var mira = await pinboard.AddUserAsync($"mira-{Guid.NewGuid():N}"[..20]);
        var before = Files(pinboard);
        using var folder = new Tests.Images.ImageFolder();
        Directory.CreateDirectory(folder["album"]);
        foreach (var file in Directory.GetFiles(Path.Combine(Samples, "damaged")))
            File.Copy(file, folder[Path.Combine("album", Path.GetFileName(file))]);

        var result = await ImportAsync(pinboard, mira, folder.Path);

        (result.Rows, result.Added, result.Refused).ShouldBe((4, 1, 3));
        result.Problems.Select(p => (p.What, p.IsRefused)).ShouldBe(
            [("album/cut.jpg", true), ("album/cut.png", true), ("album/cut.webp", true)]);
        result.Problems.ShouldAllBe(p => p.Why.Contains("cut short", StringComparison.Ordinal));
        var page = await pinboard.Store.PageAsync(UserHasPins, mira.Id, new PageRequest(10));
        var picture = (await pinboard.Store.GetAsync(page.Items.ShouldHaveSingleItem().To)).Body.Picture!;
        picture.State.ShouldBe(PictureState.Ready, "no follower runs");
        Files(pinboard).Except(before).ShouldAllBe(f => f.Contains(picture.Hash!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhereAllIsRefusedNoBoardIsMade()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        using var folder = new Tests.Images.ImageFolder();
        Directory.CreateDirectory(folder["album"]);
        File.Copy(Path.Combine(Samples, "reasons", "b.png"), folder["album/b.png"]);
        var result = await ImportAsync(pinboard, mira, folder.Path);
        (result.Added, result.Refused, result.Boards).ShouldBe((0, 1, 0));
        result.Problems.Single().What.ShouldBe("album/b.png");
        (await pinboard.Store.CountAsync(UserHasBoards, mira.Id)).ShouldBe(0);
        Directory.GetFiles(pinboard.Get<Installation>().PictureFolder, "*", SearchOption.AllDirectories)
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task AnImportTakesTurnsWithOtherPeople()
    {
        const int Many = 9;
        await using var pinboard = await TestPinboard.StartAsync();
        var (amy, ben) = (await pinboard.AddUserAsync("amy"), await pinboard.AddUserAsync("ben"));
        var turns = pinboard.Get<FairTurns>();
        var first = await turns.TakeAsync((await pinboard.AddUserAsync("cid")).Id, default);
        using var folder = new Tests.Images.ImageFolder();
        for (var i = 0; i < Many; i++)
            folder.Write($"{i}.gif", TestImages.Gif(20 + i, 20, 1));
        var import = ImportAsync(pinboard, amy, folder.Path);
        while (turns.Waiting < 4)
            await Task.Delay(2);
        turns.Waiting.ShouldBe(4, "it receives no more than it can soon pin");

        var bens = turns.TakeAsync(ben.Id, default);
        first.Dispose();
        using (await bens)
            turns.Waiting.ShouldBe(3, "one of hers was before his");
        (await import).Added.ShouldBe(Many);
    }

    static Task<ImportResult> ImportAsync(TestPinboard pinboard, TestUser owner, string folder) =>
        pinboard.Get<ImportRunner>().RunAsync(
            owner.Id, Pinboard.Import.Images.ImageFolder.ReadAsync(folder, "Imported", default), null, default);

    static string[] Files(TestPinboard pinboard) => Directory.GetFiles(
        FolderOf(pinboard), "*", SearchOption.AllDirectories);

    static string FolderOf(TestPinboard pinboard)
    {
        // Makes the folder.
        pinboard.Get<ImageFiles>();
        return pinboard.Get<Installation>().PictureFolder;
    }
}
