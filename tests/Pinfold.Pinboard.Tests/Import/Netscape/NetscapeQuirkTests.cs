using System.Text;
using Pinfold.Pinboard.Import;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Import.Netscape;

public sealed class NetscapeQuirkTests
{
    const string Head = "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>\n";

    [Theory]
    [InlineData("javascript:alert(1)", "bookmarklet")]
    [InlineData("place:type=6", "Firefox")]
    [InlineData("data:text/html,x", "document itself")]
    [InlineData("file:/etc/passwd", "file: address")]
    [InlineData("chrome://settings", "chrome: address")]
    [InlineData("/relative", "https://")]
    [InlineData("", "no address")]
    [InlineData("http://", "not a valid web address")]
    public async Task WhatIsNoWebPageIsRefusedByName(string address, string why)
    {
        var row = (await Read($"<DT><A HREF=\"{address}\">x</A></DL>")).ShouldHaveSingleItem();
        row.Problem!.ShouldContain(why);
        row.Problem!.ShouldContain(address);
    }

    [Fact]
    public async Task AnAddressThatIsTooLongIsRefusedAndAPasswordInOneIsLeftOut()
    {
        var rows = await Read($"<DT><A HREF=\"https://a.example/{new string('x', 3000)}\">x</A>"
            + "<DT><A HREF=\"https://me:secret@a.example/p?q#f\">y</A></DL>");
        rows[0].Problem!.ShouldContain("longer than 2048");
        rows[1].Url.ShouldBe("https://a.example/p?q#f");
        rows[1].Note!.ShouldContain("password");
    }

    [Fact]
    public async Task TheSameLinkTwiceInAFolderIsTwoRowsThatKeepTheirKeys()
    {
        const string Twin = "<DT><A HREF=\"https://a.example\">x</A><DT><A HREF=\"HTTPS://A.EXAMPLE/\">y</A>";
        var rows = await Read(Twin + "<DT><H3>F</H3><DL><p><DT><A HREF=\"https://a.example\">x</A></DL></DL>");
        rows.Select(r => r.SourceKey).Distinct().Count().ShouldBe(4);
        var later = await Read("<DT><A HREF=\"https://new.example\">new</A>" + Twin + "</DL>");
        later.Skip(1).Select(r => r.SourceKey).ShouldBe(rows.Take(2).Select(r => r.SourceKey));
    }

    [Fact]
    public async Task NamesAndTextsThatAreTooLongAreShortenedWithANote()
    {
        var rows = await Read($"<DT><H3>{new string('n', 10_000)}</H3><DL><p><DT><A HREF=\"https://a.example\" TAGS=\"{new string('t', 99)},b\">"
            + $"{new string('w', 900)}</A><DD>{new string('d', 5000)}</DL></DL>");
        rows[0].Board!.Length.ShouldBe(ImportLimits.BoardNameLengthMax);
        rows[0].Note!.ShouldContain("board's name was shortened from 10000 to 80");
        rows[1].Title!.Length.ShouldBe(200);
        rows[1].Description!.Length.ShouldBe(2000);
        rows[1].Tags[0].Length.ShouldBe(60);
        rows[1].Note!.ShouldContain("title was shortened from 900");
        rows[1].Problem.ShouldBeNull();
    }

    [Fact]
    public async Task DeepFoldersJoinTheirNamesAndEndlessOnesAreHeld()
    {
        var rows = await Read("<DT><H3>A</H3><DL><p><DT><H3>B</H3><DL><p><DT><H3> C  c </H3><DL><p><DT><A HREF=\"https://a.example\">x</A></DL></DL></DL></DL>");
        rows[^1].Section.ShouldBe("B / C c");
        var endless = new StringBuilder();
        for (var i = 0; i < 5000; i++)
            endless.Append("<DT><H3>f</H3><DL><p>");
        endless.Append("<DT><A HREF=\"https://a.example\">x</A>").Append(string.Concat(Enumerable.Repeat("</DL>", 5000))).Append("<DT><A HREF=\"https://b.example\">y</A></DL>");
        var deep = await Read(endless.ToString());
        deep.Folders().Count.ShouldBe(5000);
        deep.Pins()[0].Board.ShouldBe("f");
        deep.Pins()[1].Board.ShouldBe(Rows.DefaultBoard);
    }

    [Fact]
    public async Task ARaindropCoverIsAPictureAndTimesComeInManyUnits()
    {
        var rows = await Read("<DT><A HREF=\"https://a.example\" ADD_DATE=\"1456433741000\" DATA-COVER=\"https://img.example/a.jpg\" DATA-IMPORTANT=\"true\">x</A>"
            + "<DT><A HREF=\"https://b.example\" ADD_DATE=\"1456433741000000\" DATA-COVER=\"\">y</A>"
            + "<DT><A HREF=\"https://c.example\" ADD_DATE=\"2016-02-25T20:55:41Z\">z</A><DT><A HREF=\"https://d.example\" ADD_DATE=\"0\">0</A></DL>");
        rows.Take(3).ShouldAllBe(r => r.AddedAt == DateTimeOffset.FromUnixTimeSeconds(1456433741));
        rows[3].AddedAt.ShouldBeNull();
        rows[0].Picture.ShouldBe(new RemotePicture("https://img.example/a.jpg"));
        rows[1].Picture.ShouldBeNull();
    }

    [Theory]
    [InlineData("windows-1251", "Закладки")]
    [InlineData("Shift_JIS", "ブックマーク")]
    [InlineData("iso-8859-1", "Gelée “royale”")]
    [InlineData("utf-16", "Закладки")]
    public async Task OtherEncodingsAreReadAsDeclared(string charset, string title)
    {
        var encoding = charset == "utf-16"
            ? Encoding.Unicode
            : CodePagesEncodingProvider.Instance.GetEncoding(charset == "iso-8859-1" ? "windows-1252" : charset)!;
        var text = "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n"
            + $"<META HTTP-EQUIV=\"Content-Type\" CONTENT=\"text/html; charset={charset}\">\n"
            + $"<DL><p><DT><A HREF=\"https://a.example\">{title}</A></DL>";
        byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes(text)];
        var rows = await Rows.OfAsync(ImportFormat.NetscapeBookmarks, bytes);
        rows.ShouldHaveSingleItem().Title.ShouldBe(title);
    }

    [Fact]
    public async Task AnUndeclaredEncodingThatIsNotUtf8IsReadAsWindows1252()
    {
        var bytes = CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetBytes(Head + "<DT><A HREF=\"https://a.example\">Café</A></DL>");
        (await Rows.OfAsync(ImportFormat.NetscapeBookmarks, bytes)).ShouldHaveSingleItem().Title.ShouldBe("Café");
    }

    [Fact]
    public async Task AnIconOfManyMegabytesIsPassedOver()
    {
        var rows = await Read($"<DT><A ICON=\"data:{new string('x', 20_000_000)}\" HREF=\"https://a.example\">x</A></DL>");
        rows.ShouldHaveSingleItem().Url.ShouldBe("https://a.example");
    }

    [Fact]
    public async Task AFileThatEndsInMidTagDeliversWhatIsWholeAndNamesTheLine()
    {
        var rows = await Read("<DT><A HREF=\"https://a.example\">x</A>\n<DT><A HREF=\"https://b.exam");
        rows.Count.ShouldBe(2);
        rows[0].Title.ShouldBe("x");
        rows[1].Problem!.ShouldContain("in the middle of a tag, in line 4");
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xD8, 0xFF, 0xE0, 0, 16 }, "a JPEG image")]
    [InlineData(new byte[] { (byte)'P', (byte)'K', 3, 4 }, "a zip archive")]
    [InlineData(new byte[] { }, "an empty file")]
    [InlineData(new byte[] { 1, 0, 2 }, "a binary file")]
    public async Task WhatIsNoBookmarkFileIsRefusedAtOnceWithWhatItIs(byte[] bytes, string what)
    {
        var error = await Should.ThrowAsync<PinfoldException>(
            () => Rows.OfAsync(ImportFormat.NetscapeBookmarks, bytes));
        error.Kind.ShouldBe(ErrorKind.Invalid);
        error.Message.ShouldContain($"This is {what}");
        error.Message.ShouldContain("Expected here: a bookmark file (HTML).");
    }

    [Theory]
    [InlineData("bookmarks/firefox_nested.htm", "netscape")]
    [InlineData("bookmarks/no_doctype.htm", "netscape")]
    [InlineData("bookmarks/internet_explorer_11_nested.htm", "netscape")]
    [InlineData("bookmarks/other/chrome-bookmarks.json", "chrome")]
    [InlineData("bookmarks/other/pinboard_export.json", "pinboard.in")]
    [InlineData("bookmarks/other/pocket.csv", "pocket")]
    [InlineData("pinterest/pinterest-sample.html", "pinterest")]
    public async Task TheFormatIsToldByTheContent(string sample, string key)
    {
        using var stream = new MemoryStream(Rows.Sample(sample));
        (await ImportFormat.DetectAsync(stream, ImportFormat.All, CancellationToken.None)).Key.ShouldBe(key);
    }

    static Task<List<ImportRow>> Read(string body) => Rows.OfAsync(ImportFormat.NetscapeBookmarks, Head + body);
}
