using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Tests.Running;
using Pinfold.Pinboard;
using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Images.Headers;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Import;

/// <summary>An import, and other processes on the same installation.</summary>
public sealed class ImportBesideOthersTests
{
    static readonly int Links = Soak.Times(400, soaking: 1000);

    public static TheoryData<string> Engines => Fleet.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task TwoProcessesThatImportOneFileAtOnceAddEachRowOnce(string engine)
    {
        await using var place = await Place.OnAsync(engine);
        var source = Samples.MakeBookmarks(place["bookmarks.html"], Links);
        await place.AddUsersAsync("whole", "twice");
        await place.ImportAsync("bookmarks", source, "whole");
        var reports = await Task.WhenAll(
            place.ImportAsync("bookmarks", source, "twice"), place.ImportAsync("bookmarks", source, "twice"));
        reports.Sum(r => r.Number("added")).ShouldBe(Links);
        reports.Sum(r => r.Number("present")).ShouldBe(Links);
        await using var after = await place.OpenAsync();
        (await Holdings.OfAsync(after, "twice")).ShouldBe(await Holdings.OfAsync(after, "whole"));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task AnImportOnThePageSurvivesAKilledServiceAndTheSameImportByCommandBesideIt(string engine)
    {
        await using var place = await Place.OnAsync(engine);
        var source = Samples.MakeBookmarks(place["bookmarks.html"], Links);
        await place.AddUsersAsync("whole");
        await place.ImportAsync("bookmarks", source, "whole");
        string page;
        await using (var served = await Served.StartAsync(place))
        {
            using var ann = await Browser.SignedUpAsync(served.Address, "ann");
            page = await HandInAsync(ann, source);
            await using var opened = await place.OpenAsync();
            var user = await opened.UserAsync("ann");
            while (await opened.Store.CountAsync(PinboardModel.UserHasPins, user) == 0)
                await Task.Yield();
        }
        await using var again = await Served.StartAsync(place);
        using var back = new Browser(again.Address);
        var command = place.ImportAsync("bookmarks", source, "ann");
        (await back.PostAsync("/sign-in", new() { ["name"] = "ann", ["password"] = Place.Password }))
            .ShouldBe(HttpStatusCode.Redirect);
        await back.WaitForAsync(page, text => text.Contains("Finished:", StringComparison.Ordinal));
        (await command).Number("rows").ShouldBe(Links);
        await using var after = await place.OpenAsync();
        (await Holdings.OfAsync(after, "ann")).ShouldBe(await Holdings.OfAsync(after, "whole"));
        Directory.EnumerateFileSystemEntries(Path.Combine(place.Data, "imports")).ShouldBeEmpty();
    }

    [Fact]
    public async Task AnImportSweepsWhatAKilledProcessLeftAndLeavesWhatAnotherIsReceiving()
    {
        await using var place = Place.Embedded();
        await place.AddUsersAsync("ann");
        var pictures = Path.Combine(place.Data, "pictures");
        var incoming = Directory.CreateDirectory(Path.Combine(pictures, "incoming")).FullName;
        await File.WriteAllTextAsync(Path.Combine(incoming, "killed.lock"), "");
        await File.WriteAllTextAsync(Path.Combine(incoming, "killed.part"), "half");
        var picture = TestPng.Solid(60, 40, 1, 2, 3);
        var upload = new System.IO.Pipelines.Pipe();
        await upload.Writer.WriteAsync(picture.AsMemory(0, 20));
        // This process is the other.
        var receiving = new ImageFiles(pictures, ImageLimits.Default).TakeInAsync(
            upload.Reader.AsStream(), CancellationToken.None);
        while (Directory.EnumerateFiles(incoming, "*.part").Count() < 2)
            await Task.Yield();

        await place.ImportAsync("bookmarks", Samples.Find("bookmarks/delicious.htm"), "ann");
        File.Exists(Path.Combine(incoming, "killed.part")).ShouldBeFalse();
        Directory.EnumerateFiles(incoming, "*.part").ShouldHaveSingleItem();
        await upload.Writer.WriteAsync(picture.AsMemory(20));
        await upload.Writer.CompleteAsync();
        using (var received = await receiving)
            received.Image.Bytes.ShouldBe(picture.Length);
        Directory.EnumerateFiles(incoming).ShouldBeEmpty();
    }

    [Fact]
    public async Task AProcessThatMayNotFetchLeavesPicturesToOneThatMay()
    {
        await using var place = Place.Embedded();
        await place.AddUsersAsync("ann");
        ObjectId<Pin> pin;
        await using (var opened = await place.OpenAsync())
        {
            var ann = await opened.UserAsync("ann");
            var board = await opened.Services.GetRequiredService<BoardService>()
                .CreateAsync(ann, "Walks", null, isSecret: false, CancellationToken.None);
            // Nobody may fetch from this machine itself: the reason says who has looked at it.
            pin = await opened.Services.GetRequiredService<PinService>().CreateAsync(ann,
                new NewPin(board) { Picture = PinPicture.ToFetch("http://127.0.0.1:9/") }, CancellationToken.None);
        }
        await place.ImportAsync("bookmarks", Samples.Find("bookmarks/delicious.htm"), "ann");
        (await PictureAsync()).State.ShouldBe(PictureState.Waiting);

        await using var served = await Served.StartAsync(
            place.Words("serve", "--urls", "http://127.0.0.1:0"), null, null);
        using var anybody = new Browser(served.Address);
        await anybody.WaitForAsync($"/pin/{pin}", text => !text.Contains("Fetching", StringComparison.Ordinal));
        var looked = await PictureAsync();
        looked.State.ShouldBe(PictureState.Failed);
        looked.Problem!.ShouldNotContain("fetched from the web here");

        async Task<PinPicture> PictureAsync()
        {
            await using var opened = await place.OpenAsync();
            return (await opened.Store.GetAsync(pin)).Body.Picture!;
        }
    }

    static async Task<string> HandInAsync(Browser browser, string source)
    {
        using var content = new ByteArrayContent(await File.ReadAllBytesAsync(source));
        var answer = await browser.UploadAsync("/import", content, "bookmarks.html", []);
        answer.ShouldBe(HttpStatusCode.Redirect);
        return answer.Location!;
    }
}
