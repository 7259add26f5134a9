using System.Net;
using System.Runtime.Versioning;
using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>What the executable writes is for its user alone, and lies in the data folder.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class OwnFilesTests
{
    const UnixFileMode OfOthers = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Whatever is made may be read and written by everybody, unless the program says otherwise.</summary>
    static readonly string[] WithoutMask = ["sh", "-c", "umask 000; exec \"$@\"", "sh"];

    [Fact]
    public async Task NothingIsForOthersWhateverTheMask()
    {
        await using var place = Place.Embedded();
        await using (var served = await Served.StartAsync(
            place.Words("serve", "--urls", "http://127.0.0.1:0", "--no-fetch"), null, WithoutMask))
        {
            using var ann = await Browser.SignedUpAsync(served.Address, "ann");
            await UseAsync(ann);
            ShouldBeClosed(place.Data);
            (await served.StopAsync()).Code.ShouldBe(0);
        }
        var bookmarks = Samples.MakeBookmarks(place["bookmarks.html"], 3);
        (await PinfoldProgram.RunAsync(
            place.Words("import", "bookmarks", bookmarks, "--user", "ann", "--no-fetch"), wrapper: WithoutMask))
            .Code.ShouldBe(0);
        ShouldBeClosed(place.Data);
    }

    [Fact]
    public async Task WhatAnEarlierVersionLeftOpenIsClosedAtTheNextStart()
    {
        await using var place = Place.Embedded();
        await place.AddUsersAsync("ann");
        foreach (var path in Entries(place.Data))
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) | OfOthers);
        await using var served = await Served.StartAsync(place);
        ShouldBeClosed(place.Data);
    }

    [Fact]
    public async Task AFolderWithOtherThingsInItIsNotClosedButWhatPinfoldHasThereIs()
    {
        await using var place = Place.Embedded();
        Directory.CreateDirectory(place.Data);
        await File.WriteAllTextAsync(Path.Combine(place.Data, "letters.txt"), "not Pinfold's");
        File.SetUnixFileMode(place.Data, (UnixFileMode)0b111_101_101);
        await using var served = await Served.StartAsync(place);
        File.GetUnixFileMode(place.Data).ShouldBe((UnixFileMode)0b111_101_101);
        foreach (var folder in Directory.GetDirectories(place.Data))
            ShouldBeClosed(folder);
    }

    [Fact]
    public async Task ASignedInPersonStaysSoThoughNothingButTheFolderCanBeWrittenAndNoNetworkIsThere()
    {
        await using var place = Place.Embedded();
        var confined = new Confined(place["confined"]);
        await using (var served = await confined.ServeAsync())
        {
            using var ann = Browser.OverSocket(confined.Socket);
            await ann.SignUpAsync("ann");
            await UseAsync(ann);
            (await served.StopAsync()).Code.ShouldBe(0);
        }
        await using (var again = await confined.ServeAsync())
        {
            using var ann = Browser.OverSocket(confined.Socket);
            await ann.SignInAsync("ann");
            await ann.WaitForAsync("/ann", page => page.Split("id=\"pin-").Length - 1 == 4);
            var (code, log) = await again.StopAsync();
            code.ShouldBe(0, log);
        }
        ShouldBeClosed(confined.Data);
        // The socket is the only other thing, and it is gone with the service.
        Directory.GetFileSystemEntries(confined.Folder).ShouldBe([confined.Data]);
    }

    /// <summary>Uploads a picture, large enough not to be kept in memory, and hands in three bookmarks.</summary>
    static async Task UseAsync(Browser person)
    {
        var (_, board) = await person.MakeBoardAsync("Places");
        var pin = await person.PinAsync(board, TestPng.Noise(400, 300), "A place");
        await person.WaitForAsync($"/pin/{pin}", page => page.Contains("/images/", StringComparison.Ordinal));
        var bookmarks = string.Concat(Enumerable.Range(0, 3).Select(i =>
            $"<DT><A HREF=\"http://127.0.0.1/{i}\">Bookmark {i} {new string('.', 40_000)}</A>\n"));
        var started = await person.UploadAsync("/import",
            new StringContent($"<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>\n{bookmarks}</DL>"), "bookmarks.html", []);
        started.ShouldBe(HttpStatusCode.Redirect);
        await person.WaitForAsync(started.Location!, page => page.Contains("3 added", StringComparison.Ordinal));
    }

    static IEnumerable<string> Entries(string folder) =>
        Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Prepend(folder);

    static void ShouldBeClosed(string folder) =>
        Entries(folder).Where(path => File.Exists(path) || Directory.Exists(path))
            .Where(path => (File.GetUnixFileMode(path) & OfOthers) != 0).ShouldBeEmpty();
}
