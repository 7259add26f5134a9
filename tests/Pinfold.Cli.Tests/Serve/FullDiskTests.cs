using System.Net;
using Pinfold.Cli.Tests.Running;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

public sealed class FullDiskTests
{
    const string NoRoom = "no room left on the disk";

    [Fact]
    public async Task AFullDiskIsNamedAndTheServiceGoesOnWhenThereIsRoomAgain()
    {
        await using var disk = await SmallDisk.MountAsync(megabytes: 40);
        await using var served = await Served.StartAsync(
            ["serve", "--data", disk.Data, "--urls", "http://127.0.0.1:0", "--no-fetch"], null, disk.Wrapper);
        using var ann = await Browser.SignedUpAsync(served.Address, "ann");
        var (path, board) = await ann.MakeBoardAsync("Before");
        disk.Fill();

        // The service itself gives room back now and then, when it puts files of the search index together: sometimes
        // enough for a picture, or for the picture and not for its pin.
        var upload = await ann.UploadAsync("/new", Picture(1), "a.png", new() { ["board"] = board });
        for (var i = 1; i < 20 && !upload.Words.Contains(NoRoom, StringComparison.OrdinalIgnoreCase); i++)
        {
            if (upload.Status != HttpStatusCode.Redirect)
                upload.ShouldBe(HttpStatusCode.ServiceUnavailable, "disk");
            disk.Fill();
            upload = await ann.UploadAsync("/new", Picture((byte)i), "a.png", new() { ["board"] = board });
        }
        upload.ShouldBe(HttpStatusCode.ServiceUnavailable, NoRoom);
        var refused = await UntilRefusedAsync(ann);
        refused.ShouldBe(HttpStatusCode.ServiceUnavailable, "disk");
        (await ann.GetAsync(path)).ShouldBe(HttpStatusCode.OK, "Before");

        disk.Free();
        (await ann.MakeBoardAsync("After")).Path.ShouldBe("/ann/after");
        var pin = await ann.PinAsync(board, TestPng.Solid(40, 30, 1, 2, 3), "There is room");
        (await ann.GetAsync($"/pin/{pin}")).ShouldBe(HttpStatusCode.OK, "There is room");
    }

    [Fact]
    public async Task AHandedInImportForWhichThereIsNoRoomLeavesNothing()
    {
        await using var disk = await SmallDisk.MountAsync(megabytes: 40);
        await using var served = await Served.StartAsync(
            ["serve", "--data", disk.Data, "--urls", "http://127.0.0.1:0", "--no-fetch"], null, disk.Wrapper);
        using var ann = await Browser.SignedUpAsync(served.Address, "ann");
        using var form = new MultipartFormDataContent
        {
            { new StringContent(await ann.TokenAsync("/import")), "__RequestVerificationToken" },
        };
        for (var i = 0; i < 20; i++)
            form.Add(new ByteArrayContent(new byte[3 << 20]), "files", $"{i}.png");

        (await ann.SendAsync(HttpMethod.Post, "/import", form))
            .ShouldBe(HttpStatusCode.ServiceUnavailable, "Nothing was stored");

        disk.Entries("imports").ShouldBeEmpty();
        (await ann.GetAsync("/import")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task AnImportThatFindsTheDiskFullSaysSoAndCarriesOnLater()
    {
        await using var disk = await SmallDisk.MountAsync(megabytes: 40);
        using var folder = new TempFolder("source");
        var source = Samples.MakeBookmarks(folder["bookmarks.html"], 5000);
        string[] import = ["import", "bookmarks", source, "--user", "ann", "--no-fetch", "--json", "--data", disk.Data];
        (await PinfoldProgram.RunAsync(["user", "add", "ann", "--data", disk.Data], $"{Place.Password}\n",
            disk.Wrapper)).ShouldEnd(0);
        disk.Fill();
        var refused = await PinfoldProgram.RunAsync(import, wrapper: disk.Wrapper);
        refused.Code.ShouldBeOneOf([5, 6], $"{refused}");
        (refused.Out + refused.Error).ShouldContain("disk", Case.Insensitive);
        disk.Free();
        var carriedOn = (await PinfoldProgram.RunAsync(import, wrapper: disk.Wrapper)).ShouldEnd(0).Json;
        (carriedOn["added"]!.GetValue<long>() + carriedOn["present"]!.GetValue<long>()).ShouldBe(5000);
    }

    static ByteArrayContent Picture(byte red) => new(TestPng.Solid(60, 40, red, 20, 30));

    /// <summary>A shard's log may have a page or two of room that it took before.</summary>
    static async Task<Answer> UntilRefusedAsync(Browser browser)
    {
        for (var i = 0; i < 200; i++)
            if (await browser.PostAsync("/boards/new", new()
            {
                ["name"] = $"Board {i}",
                ["about"] = new string('x',
                400)
            })
                is { Status: not HttpStatusCode.Redirect } refused)
                return refused;
        throw new InvalidOperationException("200 boards found room on a full disk.");
    }
}
