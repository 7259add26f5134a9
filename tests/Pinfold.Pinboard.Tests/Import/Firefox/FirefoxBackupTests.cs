using Pinfold.Pinboard.Import;
using Pinfold.Pinboard.Import.Firefox;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Import.Firefox;

public sealed class FirefoxBackupTests
{
    [Fact]
    public async Task FoldersTagsTextsAndTimesAreRead()
    {
        var (key, rows) = await Rows.DetectSampleAsync("firefox-backup.json");
        key.ShouldBe("firefox");
        rows.Folders().Select(f => (f.Title, f.Board, f.Section, f.Description)).ShouldBe([
            ("Bookmarks Menu", null, null, null), ("Garden", "Garden", null, "What grows where"),
            ("Trees", "Garden", "Trees", null), ("Bookmarks Toolbar", null, null, null),
            ("Other Bookmarks", null, null, null)]);
        rows.Pins().Select(p => (p.Title, p.Board, p.Section)).ShouldBe([
            ("Peas", "Garden", null), ("Quince", "Garden", "Trees"), ("Recent tags", "Bookmarks Menu", null),
            ("Weather", "Bookmarks Toolbar", null)]);
        rows.Pins()[0].Tags.ShouldBe(["spring", "easy to grow"]);
        rows.Pins()[0].Description.ShouldBe("Sow in March");
        rows.Pins()[0].AddedAt.ShouldBe(DateTimeOffset.FromUnixTimeMilliseconds(1600000001500));
        rows.Pin("Recent tags").Problem!.ShouldContain("only Firefox understands");
        rows.Remarks().ShouldBeEmpty();
    }

    [Fact]
    public async Task PackedItIsTheSame()
    {
        var (key, packed) = await Rows.DetectSampleAsync("firefox-backup.jsonlz4");
        key.ShouldBe("firefox");
        packed.Select(r => r.Show()).ShouldBe(
            (await Rows.DetectSampleAsync("firefox-backup.json")).Rows.Select(r => r.Show()));
    }

    [Fact]
    public async Task FoldersOfTagsAreTagsAndAFeedIsSkippedByName()
    {
        var (_, rows) = await Rows.DetectSampleAsync("firefox-backup-2008.json");
        var pin = rows.Pins().ShouldHaveSingleItem();
        (pin.Url, pin.Board).ShouldBe(("https://moss.example/", "Bookmarks Menu"));
        pin.Tags.ShouldBe(["green", "damp places"]);
        rows.Folders().ShouldHaveSingleItem().Title.ShouldBe("Bookmarks Menu");
        var feed = rows.Remarks().ShouldHaveSingleItem();
        (feed.Title, feed.Problem!.Contains("feed", StringComparison.Ordinal)).ShouldBe(("News", true));
    }

    [Fact]
    public async Task ABackupThatIsCutOffOrDamagedAnywhereIsRefusedByName()
    {
        var whole = Rows.Sample("formats/firefox-backup.jsonlz4");
        for (var i = 8; i < whole.Length; i++)
        {
            await ReadOrRefuse(whole[..i]);
            foreach (var value in new byte[] { 0, 0x7F, 0xFF })
                await ReadOrRefuse([.. whole[..i], value, .. whole[(i + 1)..]]);
        }

        static async Task ReadOrRefuse(byte[] bytes)
        {
            try
            {
                await Rows.OfAsync(ImportFormat.FirefoxBackup, bytes);
            }
            catch (PinfoldException e)
            {
                e.Kind.ShouldBeOneOf(ErrorKind.Invalid, ErrorKind.LimitExceeded);
            }
        }
    }

    /// <summary>A match that overlaps itself makes much of little: no more of it than the header says.</summary>
    [Fact]
    public async Task ABombIsHeldToTheLengthThatItSays()
    {
        byte[] run = [0x1F, (byte)'[', 1, 0, .. Enumerable.Repeat((byte)0xFF, 10_000), 0];
        var error = await Should.ThrowAsync<PinfoldException>(() => UnpackAsync(1000, run));
        error.Message.ShouldContain("damaged");
        (await Should.ThrowAsync<PinfoldException>(() => UnpackAsync(uint.MaxValue, run))).Kind
            .ShouldBe(ErrorKind.LimitExceeded);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task ItUnpacksWhateverTheReaderAsksForAtOnce(int length)
    {
        using var packed = new MemoryStream(Rows.Sample("formats/firefox-backup.jsonlz4"));
        var unpacked = await MozLz4Stream.OpenAsync(packed, CancellationToken.None);
        for (var round = 0; round < 2; round++)
        {
            unpacked.Position = 0;
            var (text, buffer) = (new MemoryStream(), new byte[length]);
            while (await unpacked.ReadAsync(buffer) is var count and > 0)
                text.Write(buffer, 0, count);
            text.ToArray().ShouldBe(Rows.Sample("formats/firefox-backup.json"));
        }
    }

    static async Task UnpackAsync(uint length, byte[] block)
    {
        using var packed = new MemoryStream([.. "mozLz40\0"u8, .. BitConverter.GetBytes(length), .. block]);
        await using var unpacked = await MozLz4Stream.OpenAsync(packed, CancellationToken.None);
        await unpacked.CopyToAsync(Stream.Null, bufferSize: 64 << 10);
    }
}
