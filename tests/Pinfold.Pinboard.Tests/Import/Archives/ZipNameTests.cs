using System.Text;
using Pinfold.Pinboard.Import;
using Pinfold.Pinboard.Import.Archives;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Import.Archives;

public sealed class ZipNameTests
{
    [Theory]
    [InlineData("names-cp437.zip", "Köche", "Äpfel", "Küche", "Äpfel")]
    [InlineData("names-unicodepath.zip", "Köche", "Öl", "Küche", "Äpfel")]
    public async Task NamesAreWhatTheArchiveMeans(string sample, params string[] boardsAndTitles)
    {
        var rows = await Rows.OfSampleAsync(ImportFormat.ImageZip, $"zips/{sample}");
        rows.SelectMany(r => new[] { r.Board, r.Title }).ShouldBe(boardsAndTitles);
        rows.ShouldAllBe(r => r.Problem == null);
    }

    [Fact]
    public async Task NamesAreComposedSoThatTwoFormsAreOneBoard()
    {
        var composed = await Rows.OfSampleAsync(ImportFormat.ImageZip, "zips/names-nfc.zip");
        var decomposed = await Rows.OfSampleAsync(ImportFormat.ImageZip, "zips/names-nfd-noflag.zip");
        composed.ShouldHaveSingleItem().Board.ShouldBe("Caf\u00E9");
        decomposed.ShouldHaveSingleItem().Board.ShouldBe("Caf\u00E9");
        decomposed[0].Name.ShouldBe("Caf\u00E9/b.jpg");
    }

    [Theory]
    [InlineData("写真/旅行.jpg")]
    [InlineData("テスト.jpg")]
    [InlineData("ひらがな/a.jpg", "DSC_0001.jpg")]
    [InlineData("新しいフォルダー/海.jpg", "新しいフォルダー/山.jpg", "Photo 1.jpg")]
    [InlineData("夏休み2023/IMG_1234.jpg", "ﾃｽﾄ.jpg")]
    public void JapaneseNamesAreReadWhenItIsCertain(params string[] names) => Decode(932, names).ShouldBe(names);

    [Theory]
    [InlineData("照片/风景.jpg")]
    [InlineData("新建文件夹/微信图片_20230102.jpg", "readme.txt")]
    [InlineData("北京旅行/长城1.jpg", "北京旅行/长城2.jpg")]
    public void ChineseNamesAreReadWhenItIsCertain(params string[] names) => Decode(936, names).ShouldBe(names);

    [Theory]
    [InlineData("Küche/Äpfel.jpg")]
    [InlineData("Mörökölli.jpg", "Töölö/yötä.jpg")]
    [InlineData("Größe/Fußgänger.jpg", "Übung.jpg")]
    [InlineData("été/châtaigne.jpg", "hétérogénéité.jpg", "forêt/élève.jpg", "âtât.jpg")]
    [InlineData("Niños/canción.jpg", "¿qué?.jpg", "piñata.jpg")]
    [InlineData("Åre/blåbær.jpg")]
    [InlineData("über", "für", "öl", "ä", "ß")]
    [InlineData("Zoë/Benoît.jpg")]
    public void NamesOfEuropeStayWhatTheyAre(params string[] names) => Decode(437, names).ShouldBe(names);

    [Fact]
    public void WhatIsNotCertainIsCp437()
    {
        // One character is no word; Korean and Cyrillic only happen to be characters of GBK.
        Decode(932, ["海.jpg"]).ShouldNotBe(["海.jpg"]);
        foreach (var (codePage, name) in new[] { (949, "사진/여행.jpg"), (866, "Фото/Лето.jpg"), (1251, "Фото/Лето.jpg") })
            Decode(codePage, [name]).ShouldBe([CodePage(437).GetString(CodePage(codePage).GetBytes(name))]);
    }

    [Fact]
    public void AUnicodePathCountsOnlyForTheNameThatItStandsFor()
    {
        byte[] name = [.. "K?che.jpg"u8];
        byte[] field = [0x75, 0x70, 14, 0, 1, 0, 0, 0, 0, .. "Küche"u8.ToArray().Take(5), .. "jpg"u8, 0];
        ZipName.Of(name, field, isUtf8: false).Text.ShouldBe("K?che.jpg");
        ZipName.Of(name, [0x75, 0x70, 0xFF, 0xFF, 1], isUtf8: false).Text.ShouldBe("K?che.jpg");
        ZipName.Of([0x81, 0x63], [], isUtf8: false).Text.ShouldBeNull();
        ZipName.Of("é"u8, [], isUtf8: false).Text.ShouldBe("é");
    }

    static IReadOnlyList<string> Decode(int codePage, IEnumerable<string> names) =>
        ZipNames.Decode([.. names.Select(name => ZipName.Of(CodePage(codePage).GetBytes(name), [], isUtf8: false))]);

    static Encoding CodePage(int number) => CodePagesEncodingProvider.Instance.GetEncoding(number)!;
}
