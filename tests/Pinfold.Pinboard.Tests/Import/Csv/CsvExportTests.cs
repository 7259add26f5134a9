using Pinfold.Pinboard.Import;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Import.Csv;

public sealed class CsvExportTests
{
    [Fact]
    public async Task InstapapersFoldersAreBoardsAndItsSelectionsDescriptions()
    {
        var (key, rows) = await Rows.DetectSampleAsync("instapaper.csv");
        key.ShouldBe("instapaper");
        rows.Select(r => (r.Board, r.Title, r.Description, r.AddedAt!.Value.ToUnixTimeSeconds())).ShouldBe([
            ("Unread", "One", "a selected passage", 1616337559), ("Archive", "Two", null, 1616337560),
            ("Recipes", "Three", null, 1616337561)]);
        var tagged = (await Rows.DetectSampleAsync("instapaper-tags.csv")).Rows;
        tagged.Select(r => r.Board).ShouldBe(["Starred", "Unread"]);
        tagged[0].Tags.ShouldBe(["slow reading", "moss"]);
        tagged[1].Tags.ShouldBeEmpty();
    }

    [Fact]
    public async Task WhatWasReadMeanwhileIsTheSameEntry()
    {
        const string Head = "URL,Title,Selection,Folder,Timestamp\n";
        var before = await Rows.DetectTextAsync($"{Head}https://a.example/,A,,Unread,1616337559\n");
        var after = await Rows.DetectTextAsync($"{Head}https://a.example/,A,,Archive,1616337559\n");
        after.Rows[0].SourceKey.ShouldBe(before.Rows[0].SourceKey);
    }

    [Fact]
    public async Task RaindropsPathsAreBoardsAndSectionsAndWhatIsDroppedIsNamed()
    {
        var (key, rows) = await Rows.DetectSampleAsync("raindrop.csv");
        key.ShouldBe("raindrop");
        rows.Folders().Select(f => (f.Board, f.Section)).ShouldBe([
            ("Kitchen", null), ("Kitchen", "Cakes"), ("Garden", null)]);
        var (cake, rake) = (rows.Pins()[0], rows.Pins()[1]);
        (cake.Board, cake.Section, cake.Title).ShouldBe(("Kitchen", "Cakes", "Plum cake"));
        cake.Description.ShouldBe("Bake for my aunt\n\nA cake, with plums");
        cake.Tags.ShouldBe(["sweet things", "autumn"]);
        cake.Picture.ShouldBe(new RemotePicture("https://cake.example/cover.jpg"));
        cake.AddedAt.ShouldBe(new DateTimeOffset(2021, 3, 5, 6, 7, 8, TimeSpan.Zero));
        (rake.Board, rake.Section, rake.Description, rake.Picture).ShouldBe(("Garden", null, null, null));
        rake.Tags.ShouldBe(["tools"]);
        var remark = rows.Remarks().ShouldHaveSingleItem();
        remark.Problem!.ShouldBe("Not used: “id”, “favorite”. Not used, for nothing is in them: “highlights”.");
    }

    [Fact]
    public async Task ASavedListGivesItsNotesAndNamesTheColumnsThatHoldNothing()
    {
        var (key, rows) = await Rows.DetectSampleAsync("takeout-saved.csv");
        key.ShouldBe("google-saved");
        var pin = rows.Pins().ShouldHaveSingleItem();
        (pin.Title, pin.Description, pin.Url).ShouldBe(("Moss bakery", "Closed on Mondays", "https://bakery.example/"));
        rows.Remarks().ShouldHaveSingleItem().Problem!.ShouldContain("“Tags”, “Comment”");
    }

    [Fact]
    public async Task ASavedListMayBeInAnotherLanguageAndHaveWordsBeforeIt()
    {
        var (key, rows) = await Rows.DetectSampleAsync("takeout-saved-german.csv");
        key.ShouldBe("google-saved");
        rows.Remarks().ShouldHaveSingleItem().Problem!.ShouldContain("Orte, an denen es gutes Brot gibt");
        var pins = rows.Pins();
        pins.Select(p => p.Title).ShouldBe(["Moosbäckerei", "Ohne Adresse"]);
        pins[0].Description.ShouldBe("Montags zu\n\nDie Treppe hinauf");
        pins[0].Tags.ShouldBe(["Brot", "Kuchen"]);
        pins[1].Problem!.ShouldContain("no address");
        pins[1].Name.ShouldBe("Ohne Adresse");
    }

    [Theory]
    [InlineData("标题,记事,网址,标签,评论")]
    [InlineData("タイトル,メモ,URL,タグ,コメント")]
    [InlineData("Titre,Note,URL")]
    [InlineData("Título,Nota,URL,Etiquetas,Comentario")]
    [InlineData("Título;Nota;URL;Etiquetas;Comentario")]
    public async Task SavedListsAreKnownInTheLanguagesOfTakeout(string header)
    {
        var line = header.Contains(';') ? "Moss;green;https://moss.example/;;" : "Moss,green,https://moss.example/,,";
        var columns = header.Split(',', ';').Length;
        var (key, rows) = await Rows.DetectTextAsync($"{header}\n{line[..^(5 - columns)]}\n");
        key.ShouldBe("google-saved");
        rows.Pins().ShouldHaveSingleItem().Description.ShouldBe("green");
    }

    [Fact]
    public async Task PocketsStatusIsTheBoardInItsCsvAndInItsHtmlAlike()
    {
        var (html, lists) = await Rows.DetectSampleAsync("pocket.html");
        html.ShouldBe("pocket-html");
        lists.Select(r => (r.Board, r.Title, string.Join('|', r.Tags), r.AddedAt?.ToUnixTimeSeconds())).ShouldBe([
            ("Unread", "One", "a|b", 1688628695), ("Archive", "Two", "", 1688628696)]);
        const string Csv = "title,url,time_added,tags,status\nOne,https://example.org/1,1688628695,a|b,unread\n"
            + "Two,https://example.org/2,1688628696,,archive\n";
        var (key, table) = await Rows.DetectTextAsync(Csv);
        key.ShouldBe("pocket");
        table.Select(r => (r.SourceKey, r.Board, r.Title)).ShouldBe(lists.Select(r => (r.SourceKey, r.Board, r.Title)));
    }

    [Theory]
    [InlineData("name,url,username,password\nx,https://a.example/,me,secret\n", "list of passwords")]
    [InlineData("a,b,c\n1,2,3\n4,5,6\n", "a CSV file of no known kind, with the columns “a”, “b”, “c”")]
    [InlineData("url,colour\nhttps://a.example/,red\n", "columns “url”, “colour”")]
    [InlineData("a;b;c\n1;2;3\n", "“a”, “b”, “c”")]
    [InlineData("Some words, and more.\nA line without.\nAnother one.\n", "a text file of another kind")]
    [InlineData("""{"type":"FeatureCollection","features":[]}""", "a map (GeoJSON)")]
    [InlineData("""[{"id":1,"link":"https://a.example/"}]""", "JSON of no known kind: objects with “id”, “link”")]
    [InlineData("""{"bookmarks":[]}""", "JSON of no known kind: an object with “bookmarks”")]
    [InlineData("{}", "JSON of no known kind")]
    [InlineData("<?xml version=\"1.0\"?><!-- x --><opml version=\"2.0\"></opml>", "OPML")]
    [InlineData("<!DOCTYPE html><html><body><p>x</p></body></html>", "a web page or XML file of another kind")]
    public async Task WhatIsOfNoKnownKindIsRefusedWithWhatItSeemsToBe(string text, string what)
    {
        var error = await Should.ThrowAsync<PinfoldException>(() => Rows.DetectTextAsync(text));
        error.Kind.ShouldBe(ErrorKind.Invalid);
        error.Message.ShouldContain(what);
        error.Message.ShouldContain("Expected here: a bookmark file (HTML)");
    }
}
