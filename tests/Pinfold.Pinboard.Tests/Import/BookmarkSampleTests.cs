using Pinfold.Pinboard.Import;
using Pinfold.Pinboard.Import.Rows;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Import;

public sealed class BookmarkSampleTests
{
    static readonly (string File, int Links, int Folders, int Refused)[] Netscape =
    [
        ("chromium_nested.htm", 18, 7, 0),
        ("firefox_nested.htm", 24, 6, 3),
        ("internet_explorer_11_nested.htm", 27, 9, 0),
        ("safari_folded.htm", 3, 5, 0),
        ("delicious.htm", 5, 0, 0),
        ("shaarli.htm", 6, 0, 1),
        ("netscape_nested.htm", 8, 4, 0),
        ("netscape_multiline.htm", 3, 0, 0),
        ("no_doctype.htm", 2, 0, 0),
    ];

    public static TheoryData<string, int, int, int> NetscapeFiles =>
        [.. Netscape.Select(f => (f.File, f.Links, f.Folders, f.Refused))];

    [Theory]
    [MemberData(nameof(NetscapeFiles))]
    public async Task EveryLinkAndFolderOfABookmarkFileIsARow(string file, int links, int folders, int refused)
    {
        var rows = await Rows.OfSampleAsync(ImportFormat.NetscapeBookmarks, $"bookmarks/{file}");
        rows.Pins().Count.ShouldBe(links);
        rows.Folders().Count.ShouldBe(folders);
        rows.Count(r => r.Kind == RowKind.Pin && r.Problem is not null).ShouldBe(refused);
        rows.Remarks().ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(NetscapeFiles))]
    public async Task RowsAreNumberedWithoutGapsAndTheirKeysDiffer(string file, int links, int folders, int refused)
    {
        _ = refused;
        var rows = await Rows.OfSampleAsync(ImportFormat.NetscapeBookmarks, $"bookmarks/{file}");
        rows.Select(r => r.Position).ShouldBe(Enumerable.Range(1, links + folders).Select(n => (long)n));
        rows.Select(r => r.SourceKey).Distinct().Count().ShouldBe(rows.Count);
        var again = await Rows.OfSampleAsync(ImportFormat.NetscapeBookmarks, $"bookmarks/{file}");
        again.Select(r => r.Show()).ShouldBe(rows.Select(r => r.Show()));
    }

    [Fact]
    public async Task EveryFileThatLiesInTheSharedFolderReadsAsTheSampleDoes()
    {
        if (Environment.GetEnvironmentVariable("PINFOLD_SHARED") is not { } shared)
            return;
        foreach (var (file, _, _, _) in Netscape)
            File.ReadAllBytes(Path.Combine(shared, "data/bookmarks", file)).ShouldBe(Rows.Sample($"bookmarks/{file}"));
    }

    /// <summary>As many as the files have DD and TAGS; of Firefox's 23 DD 12 are empty.</summary>
    [Theory]
    [InlineData("netscape_nested.htm", 3, 5)]
    [InlineData("netscape_multiline.htm", 3, 3)]
    [InlineData("delicious.htm", 4, 5)]
    [InlineData("shaarli.htm", 4, 6)]
    [InlineData("no_doctype.htm", 1, 2)]
    [InlineData("chromium_nested.htm", 0, 0)]
    [InlineData("firefox_nested.htm", 11, 20)]
    [InlineData("internet_explorer_11_nested.htm", 0, 0)]
    [InlineData("safari_folded.htm", 0, 0)]
    public async Task DescriptionsAndTagsAreAllThere(string file, int described, int tagged)
    {
        var rows = await Rows.OfSampleAsync(ImportFormat.NetscapeBookmarks, $"bookmarks/{file}");
        rows.Count(r => r.Description is not null).ShouldBe(described);
        rows.Count(r => r.Tags.Count > 0).ShouldBe(tagged);
    }

    [Fact]
    public async Task FirefoxQueriesAreRefusedByNameAndItsToolbarIsAWrapper()
    {
        var rows = await Rows.OfSampleAsync(ImportFormat.NetscapeBookmarks, "bookmarks/firefox_nested.htm");
        rows.Pin("Recently saved").Problem!.ShouldContain("“place:folder=BOOKMARKS_MENU&folder=");
        rows.Pin("Recent tags").Problem!.ShouldContain("only Firefox understands");
        rows.Pin("Most visited").Problem.ShouldNotBeNull();
        rows.Count(r => r.Tags.Count > 0).ShouldBe(20);

        rows.Folders().Single(f => f.Title == "Personal toolbar").Board.ShouldBeNull();
        rows.Pin("Most visited").Board.ShouldBe("Personal toolbar");
        rows.Folders().Single(f => f.Title == "Comics").Description.ShouldBe("Comics, webcomics, fun stuff!");
        var php = rows.Pins().Single(p => p.Url == "https://github.com/kafene/netscape-bookmark-parser");
        (php.Board, php.Section).ShouldBe(("Dev", "PHP"));
        rows.Pins().Single(p => p.Url == "http://c2.com/cgi/wiki?HeroicProgramming").AddedAt
            .ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1463687380));
        var after = rows.Pins().Single(p => p.Url!.EndsWith("NEJM%29.pdf", StringComparison.Ordinal));
        (after.Board, after.Section).ShouldBe(("Dev", null));
        // The file escapes twice: what the browser had is "&#8230;", and so it is kept.
        rows.Pin("The Most Important").Description!.ShouldEndWith("figure out&#8230;");
    }

    [Fact]
    public async Task ChromiumFoldersBecomeBoardsAndSectionsAndBlanksCollapse()
    {
        var rows = await Rows.OfSampleAsync(ImportFormat.NetscapeBookmarks, "bookmarks/chromium_nested.htm");
        rows.Pins().Select(p => (p.Board, p.Section)).Distinct().ShouldBe([
            ("Personal toolbar", null), (Rows.DefaultBoard, null), ("Dev", "PHP"), ("Dev", "Python"), ("Dev", null),
            ("MOOC", null), ("Linux, Unix OS,Other stuff", null), ("Self-hosting", null)]);
        rows.Pin("Framasoft").Title.ShouldBe("Framasoft ~ Page portail du réseau");
    }

    [Fact]
    public async Task InternetExplorersFileWithAByteOrderMarkKeepsItsEmptyFolder()
    {
        const string Sample = "bookmarks/internet_explorer_11_nested.htm";
        var rows = await Rows.OfSampleAsync(ImportFormat.NetscapeBookmarks, Sample);
        rows.Folders().ShouldContain(f => f.Board == "Links");
        rows.Pins().ShouldNotContain(p => p.Board == "Links");
        rows.Pin("Hg Init").Section.ShouldBe("SCM");
        rows.Pin("Let me google").Board.ShouldBe(Rows.DefaultBoard);
    }

    [Fact]
    public async Task SafarisFoldedFoldersNest()
    {
        var rows = await Rows.OfSampleAsync(ImportFormat.NetscapeBookmarks, "bookmarks/safari_folded.htm");
        rows.Folders().Select(f => (f.Board, f.Section)).ShouldBe([
            ("Favoris", null), ("Menu Signets", null), ("Github - Shaarli", null), ("Autre Divers", null),
            ("Autre Divers", "doc")]);
        var wikipedia = rows.Pin("Wikipedia");
        (wikipedia.Board, wikipedia.Section, wikipedia.AddedAt).ShouldBe(("Autre Divers", "doc", null));
    }

    [Fact]
    public async Task DeliciousKeepsWhatIsPrivateSecretAndAnUnescapedAmpersand()
    {
        var rows = await Rows.OfSampleAsync(ImportFormat.NetscapeBookmarks, "bookmarks/delicious.htm");
        rows.Pins().Where(p => p.Secret).Select(p => p.Title).ShouldBe(["PHP - Testing your privates"]);
        rows.Pin("Paper craft").Url!.ShouldEndWith("gallery%3Astorml&qo=1");
        rows.Pin("fontfamily.io").Tags.ShouldBe(["@font-face", "os", "typography"]);
        rows.Pin("Paper craft").Description.ShouldBe("\"Hello!\"");
    }

    [Fact]
    public async Task ShaarlisOwnNoteIsRefusedByNameAndItsTextsKeepTheirLines()
    {
        var rows = await Rows.OfSampleAsync(ImportFormat.NetscapeBookmarks, "bookmarks/shaarli.htm");
        rows.Pin("Kouign'amann").Problem!.ShouldContain("“?lY47tw”");
        rows.Pin("Kouign'amann").Description!.Split('\n').ShouldContain("- http://www.bonappetit.com/recipe/kouign-amann");
        rows.Pin("Mine Turtle").Url!.ShouldEndWith("&qo=1");
        rows.Pins().Count(p => p.Secret).ShouldBe(2);
    }

    [Fact]
    public async Task ThreeLevelsOfFoldersAreABoardAndASection()
    {
        var rows = await Rows.OfSampleAsync(ImportFormat.NetscapeBookmarks, "bookmarks/netscape_nested.htm");
        rows.Pin("Nested 3-1").Section.ShouldBe("Folder3-1");
        rows.Pins()[0].Tags.ShouldBe(["tag1", "tag2", "multi word"]);
        rows.Folders()[1].Description.ShouldBe("This second folder contains wonderful links!");
        (await Rows.OfSampleAsync(ImportFormat.NetscapeBookmarks, "bookmarks/netscape_multiline.htm"))[1]
            .Description.ShouldBe("Nested lists:\n- list1\n"
                + "  - item1.1\n  - item1.2\n  - item1.3\n- list2\n  - item2.1");
    }

    [Fact]
    public async Task ALogStyleDateAndTagsPartedByBlanksAreRead()
    {
        var rows = await Rows.OfSampleAsync(ImportFormat.NetscapeBookmarks, "bookmarks/no_doctype.htm");
        rows[0].AddedAt.ShouldBe(new DateTimeOffset(2000, 10, 10, 10, 55, 36, TimeSpan.Zero));
        rows[0].Secret.ShouldBeTrue();
        rows[0].Tags.ShouldBe(["private", "secret"]);
        rows[1].Tags.ShouldBe(["public", "hello", "world"]);
    }
}
