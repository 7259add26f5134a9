using System.Text;
using CsCheck;
using Pinfold.Pinboard.Import;
using Pinfold.Pinboard.Import.Netscape;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Sharding;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Import.Netscape;

public sealed class NetscapeRobustnessTests(ITestOutputHelper output)
{
    static readonly string[] Samples =
        ["firefox_nested.htm", "netscape_nested.htm", "shaarli.htm", "safari_folded.htm"];

    static readonly Gen<string> Soup = Gen.OneOf<string>(
        Gen.OneOf("<DL><p>", "</DL>", "<DT>", "<DD>", "<HR>", "<br>", "</A>", "</H3>", "<!-- a - -- b -->", "<!x>",
            "</>", "< ", "<3", "<A HREF=\"https://a.example/?x=1&y\" TAGS='a,b' ICON=\"data:\">", "<a href=https://b.example/ private=1 >", "<H3 FOLDED>",
            "<A HREF", "=\"", "'>", "<H3/>", "\r\n", "&amp;", "&#8230;", "<A HREF = 'x' / y>"),
        Gen.String[Gen.Char["ab <>&\"'=/-!\n"], 0, 12]).Array[0, 40].Select(string.Concat);

    [Fact]
    public Task TheRowsAreTheSameHoweverTheTextArrives() =>
        Gen.Select(Gen.OneOf<string>(Soup, Gen.OneOf(Samples).Select(Text)), Gen.Int[1, 50].Array[1, 8]).SampleAsync(
            async (text, lengths) =>
                (await ReadAsync(text, lengths)).ShouldBe(await ReadAsync(text, [int.MaxValue])),
            iter: Soak.Times(700, soaking: 10_000));

    [Theory]
    [InlineData("netscape_nested.htm")]
    [InlineData("shaarli.htm")]
    [InlineData("safari_folded.htm")]
    public async Task AFileThatIsCutOffAnywhereGivesWholeRowsOnlyAndSaysSo(string sample)
    {
        var bytes = Rows.Sample($"bookmarks/{sample}");
        var whole = await Rows.OfAsync(ImportFormat.NetscapeBookmarks, bytes);
        for (var length = 0; length < bytes.Length; length++)
        {
            List<ImportRow> rows;
            try
            {
                rows = await Rows.OfAsync(ImportFormat.NetscapeBookmarks, bytes[..length]);
            }
            catch (PinfoldException e) when (e.Kind == ErrorKind.Invalid)
            {
                length.ShouldBeLessThan(128, "once the file's beginning is there it is known");
                continue;
            }
            var read = rows.Where(r => r.Kind != RowKind.Remark).ToList();
            for (var i = 0; i < read.Count; i++)
                if (read[i].Show() != whole[i].Show())
                    // An entry's text may begin right after the cut: then the entry is whole without it, and the last.
                    (read[i].Show(), i).ShouldBe(((whole[i] with { Description = null }).Show(), read.Count - 1));
            if (read.Count < whole.Count && read.Any(r => r.Kind == RowKind.Pin) && sample != "safari_folded.htm")
                rows[^1].Problem!.ShouldContain("cut off");
        }
    }

    [Fact]
    public async Task DamagedFilesNeverFailButByName()
    {
        var seed = Seed.Take(output.WriteLine).Value;
        var random = new Random(seed);
        (ImportFormat Format, string File)[] files =
        [
            .. Samples.Select(s => (ImportFormat.NetscapeBookmarks, $"bookmarks/{s}")),
            (ImportFormat.ChromeProfile, "bookmarks/other/chrome-bookmarks.json"),
            (ImportFormat.PinboardIn, "bookmarks/other/pinboard_export.json"),
            (ImportFormat.PocketCsv, "bookmarks/other/pocket.csv"),
            (ImportFormat.PinterestExport, "pinterest/pinterest-sample.html"),
        ];
        for (var round = 0; round < Soak.Times(1000, soaking: 10_000); round++)
        {
            var (format, file) = files[round % files.Length];
            var bytes = Mutate(Rows.Sample(file), random);
            try
            {
                foreach (var row in await Rows.OfAsync(format, bytes))
                    Check(row);
            }
            catch (PinfoldException e)
            {
                e.Kind.ShouldBe(ErrorKind.Invalid, $"seed {seed}, round {round}");
            }
        }
    }

    static void Check(ImportRow row)
    {
        row.Name.Length.ShouldBeLessThanOrEqualTo(ImportLimits.LinkLengthMax * 10);
        if (row.Kind != RowKind.Pin || row.Problem is not null)
            return;
        row.Url!.ShouldStartWith("http", Case.Insensitive);
        row.Url!.Length.ShouldBeLessThanOrEqualTo(ImportLimits.LinkLengthMax);
        row.Board!.Length.ShouldBeInRange(1, ImportLimits.BoardNameLengthMax);
    }

    static byte[] Mutate(byte[] bytes, Random random)
    {
        var list = bytes.ToList();
        for (var i = random.Next(1, 8); i > 0 && list.Count > 0; i--)
        {
            var at = random.Next(list.Count);
            switch (random.Next(5))
            {
                case 0:
                    list[at] = (byte)random.Next(256);
                    break;
                case 1:
                    list.RemoveRange(at, random.Next(Math.Min(200, list.Count - at)));
                    break;
                case 2:
                    list.InsertRange(at, list.GetRange(at, random.Next(Math.Min(500, list.Count - at))));
                    break;
                case 3:
                    list.Insert(at, (byte)"<>\"'&;/=-{}[],\\"[random.Next(15)]);
                    break;
                default:
                    list[at] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }
        return [.. list];
    }

    static async Task<List<string>> ReadAsync(string text, int[] lengths)
    {
        using var torn = new TornText(text, lengths);
        var rows = await Rows.ListAsync(NetscapeBookmarks.ReadAsync(torn, Rows.DefaultBoard, CancellationToken.None));
        return rows.ConvertAll(r => r.Show());
    }

    static string Text(string sample) => Encoding.UTF8.GetString(Rows.Sample($"bookmarks/{sample}"));
}
