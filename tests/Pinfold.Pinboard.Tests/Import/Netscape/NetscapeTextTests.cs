using Pinfold.Pinboard.Import;
using Pinfold.Pinboard.Import.Rows;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Import.Netscape;

/// <summary>What people write in titles and notes is text, whatever it looks like.</summary>
public sealed class NetscapeTextTests
{
    [Fact]
    public async Task ALinkInAPrivateDescriptionIsTextOfItAndNothingPrivateBecomesPublic()
    {
        var (_, rows) = await Rows.DetectSampleAsync("nested-link-in-private-description.htm");
        rows.Count.ShouldBe(2);
        rows[0].Secret.ShouldBeTrue();
        rows[0].Title.ShouldBe("A private page");
        rows[0].Description.ShouldBe("Before. See <a href=\"https://intranet.example.org/secret?token=1\">my notes</a> "
            + "for the rest. After.");
        rows[1].Secret.ShouldBeFalse();
        (rows[1].Url, rows[1].Description).ShouldBe(("https://example.org/public", null));
    }

    [Fact]
    public async Task UnescapedMarkupIsTextAndSwallowsNothing()
    {
        var (_, rows) = await Rows.DetectSampleAsync("unescaped.html");
        rows.Select(r => r.Url).ShouldBe(Enumerable.Range(1, 7).Select(n => $"https://a.example/{n}"));
        rows.Select(r => r.Title).ShouldBe([
            "The <script> element and <b> too", "Second", "Third", "<!-- in front -->", "How to write <!-- in a title",
            "Sixth", "Seventh"]);
        rows[0].Description.ShouldBe(
            "Where <script> may stand, <a href=\"https://inner.example/\">see here</a> and a <- b");
        rows[1].Description.ShouldBe("k---- w+(--) <3 y++ $>++ 5 < 6\nmore lines <x");
    }

    /// <summary>Whatever stands in a title or note, the entries around it are read, and it is kept.</summary>
    [Theory]
    [InlineData("<dt>")]
    [InlineData("<dd>")]
    [InlineData("<dl>")]
    [InlineData("</dl>")]
    [InlineData("<hr>")]
    [InlineData("<h3>")]
    [InlineData("</h3>")]
    [InlineData("<h1>x</h1>")]
    [InlineData("<a>")]
    [InlineData("<a href=\"https://no.example/\">")]
    [InlineData("<a href='")]
    [InlineData("</a>")]
    [InlineData("</body>")]
    [InlineData("</html>")]
    [InlineData("<table")]
    [InlineData("<p")]
    [InlineData("<!--")]
    [InlineData("-->")]
    [InlineData("<!DOCTYPE html")]
    [InlineData("<?php")]
    [InlineData("</")]
    [InlineData("</3")]
    [InlineData("<")]
    [InlineData("<<<")]
    [InlineData("<textarea>")]
    [InlineData("<style>")]
    [InlineData("<title>")]
    [InlineData("<img src=x onerror=\"alert(1)\">")]
    [InlineData("<x-")]
    [InlineData("<averylongnamethatnoelementhasinanystandard and=more")]
    public async Task WhatIsWrittenInTitlesAndNotesIsKept(string stray)
    {
        var rows = await Read($"""
            <DT><H3>Folder</H3>
            <DL><p>
            <DT><A HREF="https://a.example/1">How {stray} works</A>
            <DT><A HREF="https://a.example/2" PRIVATE="1">Second</A>
            <DD>one {stray} two
            three {stray} four
            <DT><A HREF="https://a.example/3">{stray} first</A>
            <DT><H3>Inner {stray} one</H3>
            <DL><p>
            <DT><A HREF="https://a.example/4">Fourth</A>
            </DL><p>
            <DT><A HREF="https://a.example/5">Fifth</A>
            </DL><p>
            </DL><p>
            """);
        rows.Remarks().ShouldBeEmpty();
        rows.Pins().Select(p => p.Url).ShouldBe(Enumerable.Range(1, 5).Select(n => $"https://a.example/{n}"));
        rows.Pins()[0].Title.ShouldBe($"How {stray} works");
        rows.Pins()[1].Description.ShouldBe($"one {stray} two\nthree {stray} four");
        rows.Pins()[2].Title.ShouldBe($"{stray} first");
        rows.Pins().Select(p => p.Section).ShouldBe([null, null, null, rows.Pins()[3].Section, null]);
        rows.Pins()[3].Section!.ShouldStartWith("Inner");
        rows.Pins().Select(p => p.Secret).ShouldBe([false, true, false, false, false]);
    }

    [Fact]
    public async Task AFileInOneLineIsReadAsOneWithLines()
    {
        var rows = await Read("<DT><H3>F</H3><DD>about it<DL><p><DT><A HREF=\"https://a.example/1\">One</A><DD>note"
            + "<DT><A HREF=\"https://a.example/2\">Two</A><DD>other<HR><DT><A HREF=\"https://a.example/3\">Three</A><DD>last"
            + "</DL><p><DT><A HREF=\"https://a.example/4\">Four</A></DL><p>");
        rows.Folders().ShouldHaveSingleItem().Description.ShouldBe("about it");
        rows.Pins().Select(p => p.Description).ShouldBe(["note", "other", "last", null]);
        rows.Pins().Select(p => p.Board).ShouldBe(["F", "F", "F", Rows.DefaultBoard]);
    }

    [Fact]
    public async Task AFileWithoutDtIsReadLineByLine()
    {
        var rows = await Read("""
            <A HREF="https://a.example/1">One</A>
            <DD>note
            <A HREF="https://a.example/2">Two</A> <A HREF="https://a.example/3">Three</A>
            <H3>F</H3>
            <DL><p>
            <A HREF="https://a.example/4">Four</A>
            </DL><p>
            </DL><p>
            """);
        rows.Pins().Select(p => (p.Title, p.Description, p.Board)).ShouldBe([
            ("One", "note", Rows.DefaultBoard), ("Two", null, Rows.DefaultBoard), ("Three", null, Rows.DefaultBoard),
            ("Four", null, "F")]);
    }

    [Fact]
    public async Task ATitleThatIsNotClosedEndsWhereTheNextEntryBegins()
    {
        var rows = await Read("""
            <DT><A HREF="https://a.example/1">One
            <DT><A HREF="https://a.example/2">Two
            <DD>note
            <DT><H3>F
            <DT><A HREF="https://a.example/3">Three
            </DL><p>
            """);
        rows.Pins().Select(p => p.Title).ShouldBe(["One", "Two", "Three"]);
        rows.Pins()[1].Description.ShouldBe("note");
    }

    [Fact]
    public async Task ANoteInParagraphsKeepsThemAndCommentsBetweenEntriesArePassedOver()
    {
        var rows = await Read("""
            <!-- This file is read and overwritten. <DT><A HREF="https://no.example/">no</A> -->
            <DT><A HREF="https://a.example/1">One</A>
            <!-- <DT><A HREF="https://no.example/">no</A> -->
            <DD>first<br>second<br/>third<p>fourth</p>
            <DD>fifth
            </DL><p>
            """);
        rows.ShouldHaveSingleItem().Description!.ShouldStartWith("first\nsecond\nthird\nfourth\n\nfifth");
    }

    [Fact]
    public async Task WhatIsWrittenAboutAFolderIsItsDescription()
    {
        var (_, rows) = await Rows.DetectSampleAsync("folder-description.htm");
        rows[0].ShouldSatisfyAllConditions(
            r => r.Kind.ShouldBe(RowKind.Folder), r => r.Board.ShouldBe("Garden"),
            r => r.Description.ShouldBe("What grows where"), r => r.Note.ShouldBeNull());
        rows[1].Description.ShouldBe("sow in March");
        var deep = await Read("<DT><H3>A</H3><DL><p><DT><H3>B</H3>\n<DD>about b\n<DL><p></DL></DL></DL>");
        deep.Folders()[1].Note!.ShouldContain("“about b”");
        var longer = await Read($"<DT><H3>A</H3>\n<DD>{new string('x', 600)}\n<DL><p></DL></DL>");
        longer.Folders()[0].Description!.Length.ShouldBe(500);
        longer.Folders()[0].Note!.ShouldContain("from 600 to 500");
    }

    [Fact]
    public async Task ADescriptionMayBeAnAttribute()
    {
        var (_, rows) = await Rows.DetectSampleAsync("description-attribute.htm");
        rows.ShouldHaveSingleItem().Description.ShouldBe("A \"good\" page");
    }

    [Fact]
    public async Task NamesOfWhichNothingCanBeSeenAreNone()
    {
        var (_, rows) = await Rows.DetectSampleAsync("noname.html");
        rows.Pins().Select(p => (p.Url, p.Title, p.Board)).ShouldBe([
            ("https://a.example/1", null, "Untitled"), ("https://a.example/2", "x", "Untitled"),
            ("https://a.example/3", null, "Untitled"), ("https://a.example/4", null, "Untitled")]);
    }

    [Fact]
    public async Task OddNamesAreEighteenRows()
    {
        var (_, rows) = await Rows.DetectSampleAsync("odd-names.htm");
        rows.Pins().Count.ShouldBe(18);
        rows.Pins()[0].Title.ShouldBe("Ünïcode 👩‍🌾 😀 &amp; <b>");
        rows.Pins()[0].Tags.ShouldBe(["😀", "Äpfel"]);
        rows.Pins()[0].Description.ShouldBe("Zeile 1\nZeile 2 é\u00A0x");
        rows.Folders().Select(f => f.Section ?? f.Board).ShouldBe([
            "Garten 🌻", "Été", "ete", "ÉTÉ", "straße", "STRASSE"]);
        rows.Pins().Count(p => p.Note?.Contains("out of range", StringComparison.Ordinal) == true).ShouldBe(2);
        rows.Pins().Count(p => p.Problem is not null).ShouldBe(2);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("1")]
    [InlineData("true")]
    [InlineData("yes")]
    public async Task WhatIsNotSaidToBePublicStaysPrivate(string value) =>
        (await Read($"<DT><A HREF=\"https://a.example/1\" PRIVATE=\"{value}\">x</A></DL>"))[0].Secret.ShouldBeTrue();

    static Task<List<ImportRow>> Read(string body) =>
        Rows.OfAsync(ImportFormat.NetscapeBookmarks, $"<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>\n{body}");
}
