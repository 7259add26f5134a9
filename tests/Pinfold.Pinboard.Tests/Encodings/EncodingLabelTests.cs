using System.Text;
using Pinfold.Pinboard.Encodings;
using Pinfold.Pinboard.Fetching;
using Pinfold.Pinboard.Import;
using Pinfold.Pinboard.Tests.Import;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Encodings;

public sealed class EncodingLabelTests
{
    [Theory]
    [InlineData("CP1251", 0xC7, "З")]
    [InlineData(" x-cp1251\n", 0xC7, "З")]
    [InlineData("latin1", 0x93, "“")]
    [InlineData("us-ascii", 0x80, "€")]
    [InlineData("cp819", 0x80, "€")]
    [InlineData("866", 0x80, "А")]
    [InlineData("koi8", 0xE1, "А")]
    [InlineData("koi8-ru", 0xA4, "є")]
    [InlineData("l5", 0xF0, "ğ")]
    [InlineData("logical", 0xE0, "א")]
    [InlineData("visual", 0xE0, "א")]
    [InlineData("greek8", 0xA1, "‘")]
    [InlineData("sun_eu_greek", 0xA4, "€")]
    [InlineData("latin6", 0xBB, "ŧ")]
    [InlineData("iso885914", 0xA1, "Ḃ")]
    [InlineData("iso-8859-16", 0xAA, "Ș")]
    [InlineData("tis-620", 0xA1, "ก")]
    [InlineData("x-mac-roman", 0x80, "Ä")]
    [InlineData("x-mac-ukrainian", 0x80, "А")]
    [InlineData("iso-8859-13", 0xC8, "Č")]
    public void EveryLabelMeansTheEncodingOfTheStandard(string label, byte value, string text) =>
        EncodingLabels.Find(label)!.GetString([value]).ShouldBe(text);

    [Theory]
    [InlineData("unicode-1-1-utf-8", "é", new byte[] { 0xC3, 0xA9 })]
    [InlineData("x-unicode20utf8", "é", new byte[] { 0xC3, 0xA9 })]
    [InlineData("x-sjis", "\u7F8E", new byte[] { 0x94, 0xFC })]
    [InlineData("windows-31j", "①", new byte[] { 0x87, 0x40 })]
    [InlineData("gb2312", "€", new byte[] { 0xA2, 0xE3 })]
    [InlineData("chinese", "\u4E00", new byte[] { 0xD2, 0xBB })]
    [InlineData("ks_c_5601-1987", "똠", new byte[] { 0x8C, 0x63 })]
    [InlineData("euc-kr", "똠", new byte[] { 0x8C, 0x63 })]
    [InlineData("cn-big5", "\u4E00", new byte[] { 0xA4, 0x40 })]
    [InlineData("x-euc-jp", "\u7F8E", new byte[] { 0xC8, 0xFE })]
    [InlineData("csiso2022jp", "\u7F8E", new byte[] { 0x1B, 0x24, 0x42, 0x48, 0x7E })]
    [InlineData("unicodefffe", "é", new byte[] { 0, 0xE9 })]
    [InlineData("ucs-2", "é", new byte[] { 0xE9, 0 })]
    public void AlsoThoseOfSeveralBytes(string label, string text, byte[] bytes) =>
        EncodingLabels.Find(label)!.GetString(bytes).ShouldBe(text);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("utf-7")]
    [InlineData("hz-gb-2312")]
    [InlineData("iso-2022-kr")]
    [InlineData("klingon")]
    public void WhatTheStandardDoesNotReadIsNone(string? label) => EncodingLabels.Find(label).ShouldBeNull();

    [Fact]
    public void ATextThatCouldBeReadIsNotInUtf16()
    {
        EncodingLabels.FindDeclared("utf-16").ShouldBe(Encoding.UTF8);
        EncodingLabels.FindDeclared("UTF-16BE").ShouldBe(Encoding.UTF8);
        EncodingLabels.FindDeclared("x-user-defined")!.CodePage.ShouldBe(1252);
    }

    [Fact]
    public async Task BookmarkFilesAndPagesGoByTheSameTable()
    {
        var (_, rows) = await Rows.DetectSampleAsync("cp1251.html");
        rows.ShouldHaveSingleItem().Title.ShouldBe("Закладки");
        var bytes = Rows.Sample("formats/cp1251.html");
        DecodePage(bytes).ShouldContain("Закладки");
        byte[] latin6 = [.. "<!DOCTYPE NETSCAPE-Bookmark-file-1><META charset=latin6><DL><p><DT><A HREF=\"https://a.example\">"u8,
            0xBB, .. "</A></DL>"u8];
        DecodePage(latin6).ShouldContain(">ŧ<");
        (await Rows.OfAsync(ImportFormat.NetscapeBookmarks, latin6))[0].Title.ShouldBe("ŧ");
    }

    static string DecodePage(byte[] page) =>
        PageCharset.Decode(page, PageCharset.Find(page, httpCharset: null).Encoding);
}
