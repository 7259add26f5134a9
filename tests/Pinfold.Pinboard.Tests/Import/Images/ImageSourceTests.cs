using System.IO.Compression;
using System.Text;
using Pinfold.Pinboard.Import;
using Pinfold.Pinboard.Import.Archives;
using Pinfold.Pinboard.Import.Images;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Import.Images;

public sealed class ImageSourceTests : IDisposable
{
    static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3, 4];

    readonly string _folder = Directory.CreateTempSubdirectory("pinfold-import-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task FoldersBecomeBoardsAndSectionsInOrdinalOrder()
    {
        Write("b/deep/er/x.png", Jpeg);
        Write("b/akaka-falls_state-park.JPG", Jpeg);
        Write("b.jpg", Jpeg);
        Write("root", Jpeg);
        var rows = await ReadFolder();
        rows.Select(r => (r.Picture!.Name, r.Board, r.Section, r.Title)).ShouldBe([
            ("b.jpg", Rows.DefaultBoard, null, "B"),
            ("b/akaka-falls_state-park.JPG", "b", null, "Akaka falls state park"),
            ("b/deep/er/x.png", "b", "deep / er", "X"), ("root", Rows.DefaultBoard, null, "Root")]);
        await using var stream = await ((FilePicture)rows[1].Picture!).OpenAsync(CancellationToken.None);
        stream.Length.ShouldBe(Jpeg.Length);
    }

    [Fact]
    public async Task WhatIsNoPictureIsNamedAndSkipped()
    {
        Write("a/.hidden/x.jpg", Jpeg);
        Write("a/empty.jpg", []);
        Write("a/notes.txt", "hello"u8.ToArray());
        File.CreateSymbolicLink(Path.Combine(_folder, "a/link.jpg"), "/etc/hostname");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "a/loop"), _folder);
        var rows = await ReadFolder();
        rows.Select(r => (r.Kind, r.Title)).ShouldBe([
            (RowKind.Remark, "a/.hidden"), (RowKind.Pin, "a/empty.jpg"), (RowKind.Remark, "a/link.jpg"),
            (RowKind.Remark, "a/loop"), (RowKind.Remark, "a/notes.txt")], ignoreOrder: true);
        rows.ShouldAllBe(r => r.Problem != null && r.Picture == null);
    }

    [Fact]
    public async Task AZipOfAFolderGivesTheRowsOfTheFolderWithOrWithoutItsName()
    {
        Write("coco/1.jpg", Jpeg);
        Write("coco/2.jpg", [.. Jpeg, 5]);
        Write("mdn/deep/1.jpg", Jpeg);
        var expected = (await ReadFolder()).Select(r => (r.SourceKey, r.Board, r.Section, r.Title)).ToList();
        expected.Select(r => r.SourceKey).Distinct().Count().ShouldBe(3);
        foreach (var withName in new[] { false, true })
        {
            var zip = new MemoryStream();
            await ZipFile.CreateFromDirectoryAsync(_folder, zip, CompressionLevel.Fastest, withName);
            var rows = await Rows.OfAsync(ImportFormat.ImageZip, zip.ToArray());
            rows.Select(r => (r.SourceKey, r.Board, r.Section, r.Title)).ShouldBe(expected);
        }
    }

    [Fact]
    public async Task TheSamePathWithAnotherPictureIsAnotherEntry()
    {
        Write("DCIM/IMG_0001.jpg", Jpeg);
        var first = (await ReadFolder())[0];
        Write("DCIM/IMG_0001.jpg", [.. Jpeg[..^1], 9]);
        (await ReadFolder())[0].SourceKey.ShouldNotBe(first.SourceKey);
    }

    [Fact]
    public async Task HostileNamesTwinsAndHiddenPartsOfAZipAreRefusedByName()
    {
        var zip = Zip(("../../evil.jpg", Jpeg), ("/abs.jpg", Jpeg), ("C:\\win.jpg", Jpeg),
            ("a/x.jpg", Jpeg), ("a/x.jpg", Jpeg), ("a\\back.jpg", Jpeg), ("__MACOSX/a/._x.jpg", Jpeg),
            ("__MACOSX/a/._y.jpg", Jpeg), ("b/readme.md", "hi"u8.ToArray()));
        var rows = await Rows.OfAsync(ImportFormat.ImageZip, zip);
        rows.Where(r => r.Problem is null).Select(r => r.Picture!.Name).ShouldBe(["a/back.jpg", "a/x.jpg"]);
        rows.Remarks().Select(r => r.Title).ShouldBe(
            ["../../evil.jpg", "/abs.jpg", "C:/win.jpg", "__MACOSX", "b/readme.md"], ignoreOrder: true);
        rows.Pins().Single(r => r.Problem is not null).Problem!.ShouldContain("twice");
    }

    [Fact]
    public async Task AZipBombIsRefusedByNameAndALyingLengthWhenItIsRead()
    {
        var bomb = Zip(("bomb.png", new byte[40 << 20]), ("fine.jpg", Jpeg));
        var rows = await Rows.OfAsync(ImportFormat.ImageZip, bomb);
        rows[0].Problem!.ShouldContain("zip bomb");
        rows[1].Problem.ShouldBeNull();
        await using var bounded = new BoundedStream(new MemoryStream(new byte[100]), 99, "x.jpg");
        var error = await Should.ThrowAsync<PinfoldException>(() => bounded.CopyToAsync(Stream.Null));
        error.Kind.ShouldBe(ErrorKind.LimitExceeded);
    }

    [Fact]
    public async Task EncryptedEntriesAndLinksOfAZipAreRefusedByName()
    {
        var zip = Zip(("secret.jpg", Jpeg), ("zlink.jpg", Jpeg));
        // The general purpose flag of the first entry in the central directory, and the Unix mode of the second.
        var first = zip.AsSpan().IndexOf("PK\x01\x02"u8);
        zip[first + 8] |= 1;
        var second = first + 4 + zip.AsSpan(first + 4).IndexOf("PK\x01\x02"u8);
        (zip[second + 40], zip[second + 41]) = (0xFF, 0xA1);
        var rows = await Rows.OfAsync(ImportFormat.ImageZip, zip);
        rows[0].Problem!.ShouldContain("encrypted");
        rows[1].Problem!.ShouldContain("symbolic link");
    }

    [Fact]
    public async Task AZipWithTooManyEntriesIsRefusedBeforeItIsLoaded()
    {
        using var zip = new MemoryStream(Zip([.. Enumerable.Range(0, 30).Select(i => ($"{i}.jpg", Jpeg))]));
        await ZipDirectory.ReadAsync(zip, 30, CancellationToken.None);
        (await Should.ThrowAsync<PinfoldException>(() => ZipDirectory.ReadAsync(zip, 29, CancellationToken.None)))
            .Kind.ShouldBe(ErrorKind.LimitExceeded);
    }

    [Fact]
    public async Task AZipThatIsCutOffOrDamagedAnywhereFailsByNameOnly()
    {
        var zip = Zip(("a/x.jpg", Jpeg), ("b/y.png", Jpeg), ("c.txt", "hello"u8.ToArray()));
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
                _ = await Rows.OfAsync(ImportFormat.ImageZip, bytes);
            }
            catch (PinfoldException e)
            {
                e.Kind.ShouldBeOneOf(ErrorKind.Invalid, ErrorKind.LimitExceeded);
            }
        }
    }

    [Fact]
    public async Task AFolderThatIsNotThereIsNotFound()
    {
        var error = await Should.ThrowAsync<PinfoldException>(() => ReadFolder("none"));
        error.Kind.ShouldBe(ErrorKind.NotFound);
    }

    [Fact]
    public async Task AllPicturesOfTheSharedFolderAreRows()
    {
        if (Environment.GetEnvironmentVariable("PINFOLD_SHARED") is not { } shared)
            return;
        var rows = await ReadFolder(Path.Combine(shared, "data/images"));
        rows.Pins().Count.ShouldBe(135);
        rows.Pins().ShouldAllBe(r => r.Problem == null);
        rows.Select(r => r.SourceKey).Distinct().Count().ShouldBe(137);
        rows.Remarks().Select(r => r.Title).ShouldBe(["MANIFEST.tsv", "coco-captions.json"]);
    }

    Task<List<ImportRow>> ReadFolder(string within = "") => Rows.ListAsync(
        ImageFolder.ReadAsync(Path.Combine(_folder, within), Rows.DefaultBoard, CancellationToken.None));

    void Write(string path, byte[] bytes)
    {
        var full = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, bytes);
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
