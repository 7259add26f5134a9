using System.IO.Compression;
using System.Text;
using Pinfold.Pinboard.Import;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Import.Archives;

public sealed class ExportArchiveTests
{
    const string Pocket = "title,url,time_added,tags,status\n";

    [Fact]
    public async Task PocketsZipIsReadPartByPartAndWhatIsNotUsedIsNamed()
    {
        var (key, rows) = await Rows.DetectSampleAsync("pocket.zip");
        key.ShouldBe("exports");
        rows.Pins().Select(p => (p.Title, p.Board, string.Join('|', p.Tags), p.AddedAt?.ToUnixTimeSeconds())).ShouldBe([
            ("Moss", "Unread", "moss|fern", 1456433741), ("Fern", "Archive", "", 1456433742)]);
        rows.Remarks().ShouldHaveSingleItem().Title.ShouldBe("collections/");
        rows.Select(r => r.Position).ShouldBe([1L, 2L, 3L]);
    }

    [Fact]
    public async Task ListsOfTakeoutAreBoardsOfTheirFilesNames()
    {
        var (key, rows) = await Rows.DetectSampleAsync("takeout.zip");
        key.ShouldBe("exports");
        rows.Pins().Select(p => (p.Title, p.Board)).ShouldBe([("Moss bakery", "Favourites"), ("Quarry", "Want to go")]);
        rows.Remarks().Select(r => r.Title).ShouldBe([
            "Columns of the file", "Takeout/archive_browser.html", "Takeout/Maps/"], ignoreOrder: true);
    }

    [Fact]
    public async Task AnArchiveIsJudgedByWhatIsInIt()
    {
        var pictures = Zip(
            ("a/x.jpg", [0xFF, 0xD8, 0xFF, 0xE0, 1]),
            ("index.html", "<!DOCTYPE NETSCAPE-Bookmark-file-1>"u8.ToArray()));
        (await Rows.DetectAsync(pictures)).Key.ShouldBe("images");
        using var asBookmarks = new MemoryStream(pictures);
        (await ImportFormat.DetectAsync(asBookmarks, ImportFormat.Bookmarks, CancellationToken.None)).Key
            .ShouldBe("exports");
        using var nothing = new MemoryStream(Zip(("a/x.jpg", [0xFF, 0xD8, 0xFF, 0xE0, 1])));
        var error = await Should.ThrowAsync<PinfoldException>(
            () => ImportFormat.DetectAsync(nothing, ImportFormat.Bookmarks, CancellationToken.None));
        error.Message.ShouldContain("without any bookmark file");
    }

    [Fact]
    public async Task APartThatIsDamagedDoesNotKeepTheOthersFromBeingRead()
    {
        var zip = Zip(("1.json", "{\"roots\":{\"bar\":{\"name\":\"Bar\",\"children\":["u8.ToArray()),
            ("2.csv", Encoding.UTF8.GetBytes(Pocket + "Moss,https://m.example/1,1456433741,,unread\n")),
            ("3.csv", Encoding.UTF8.GetBytes(Pocket + "\"Fern,https://m.example/2")));
        var (_, rows) = await Rows.DetectAsync(zip);
        rows.Pins().ShouldHaveSingleItem().Title.ShouldBe("Moss");
        rows.Remarks().Select(r => r.Problem!.Contains("cut off", StringComparison.Ordinal)).ShouldBe([true, true]);
    }

    [Fact]
    public async Task BombsAndArchivesInArchivesAreNamedAndNotOpened()
    {
        var line = "Moss,https://m.example/1,1456433741,,unread\n";
        var zip = Zip(("bomb.csv", Encoding.UTF8.GetBytes(Pocket + new string('x', 30 << 20))),
            ("inner.zip", Rows.Sample("formats/pocket.zip")), ("../out.csv", Encoding.UTF8.GetBytes(Pocket + line)),
            ("ok.csv", Encoding.UTF8.GetBytes(Pocket + line)));
        var (key, rows) = await Rows.DetectAsync(zip);
        key.ShouldBe("exports");
        rows.Pins().Count.ShouldBe(1);
        rows.Remarks().ShouldHaveSingleItem().Problem!.ShouldContain(
            "2 files hold no bookmarks and were not used, the first of them bomb.csv");
        rows.Remarks()[0].Problem!.ShouldContain("zip bomb");
    }

    [Fact]
    public async Task AnArchiveThatIsCutOffOrDamagedAnywhereFailsByNameOnly()
    {
        var zip = Rows.Sample("formats/pocket.zip");
        for (var i = 0; i < zip.Length; i++)
        {
            await ReadOrRefuse(zip[..i]);
            foreach (var value in new byte[] { 0, 0x7F, 0xFF })
                await ReadOrRefuse([.. zip[..i], value, .. zip[(i + 1)..]]);
        }

        static async Task ReadOrRefuse(byte[] bytes)
        {
            try
            {
                await Rows.OfAsync(ImportFormat.ExportZip, bytes);
            }
            catch (PinfoldException e)
            {
                e.Kind.ShouldBeOneOf(ErrorKind.Invalid, ErrorKind.LimitExceeded);
            }
        }
    }

    static byte[] Zip(params (string Name, byte[] Bytes)[] files)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8))
            foreach (var (name, bytes) in files)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(bytes);
            }
        return stream.ToArray();
    }
}
