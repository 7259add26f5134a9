using System.Text;
using Pinfold.Pinboard.Import;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Import;

public sealed class OtherExportTests
{
    [Fact]
    public async Task AChromeProfileGivesItsLinkAndItsThreeRoots()
    {
        var rows = await Rows.OfSampleAsync(ImportFormat.ChromeProfile, "bookmarks/other/chrome-bookmarks.json");
        rows.Folders().Select(f => f.Title).ShouldBe(["Barre de favoris", "Autres favoris", "Favoris sur mobile"]);
        rows.Folders().ShouldAllBe(f => f.Board == null);
        var link = rows.Pins().ShouldHaveSingleItem();
        link.Board.ShouldBe("Barre de favoris");
        link.Title!.ShouldStartWith("Tournoi des VI Nations : Le trophée");
        link.AddedAt.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(13118850929 - 11644473600).AddMicroseconds(335823));
    }

    [Fact]
    public async Task AFolderInAChromeRootIsABoardThoughItsNameComesAfterItsLinks()
    {
        const string Json = """
            { "roots": { "bookmark_bar": { "children": [
              { "children": [ { "children": [ { "name": "Deep", "type": "url", "url": "https://a.example/" } ],
                  "name": "Within", "type": "folder" }, { "name": "Flat", "type": "url", "url": "https://b.example/" } ],
                "meta_info": { "x": "y", "children": [ { "url": "https://no.example" } ] }, "name": "Recipes", "type": "folder" }
            ], "name": "Bar", "type": "folder" } } }
            """;
        var rows = await Rows.OfAsync(ImportFormat.ChromeProfile, Json);
        rows.Select(r => $"{r.Kind} {r.Board} {r.Section} {r.Url}").ShouldBe([
            "Folder   ", "Folder Recipes  ", "Folder Recipes Within ", "Pin Recipes Within https://a.example/", "Pin Recipes  https://b.example/"]);
    }

    [Fact]
    public async Task AChromeProfileThatIsCutOffIsRefusedAsAWhole()
    {
        var whole = Rows.Sample("bookmarks/other/chrome-bookmarks.json");
        var error = await Should.ThrowAsync<PinfoldException>(
            () => Rows.OfAsync(ImportFormat.ChromeProfile, whole[..700]));
        error.Kind.ShouldBe(ErrorKind.Invalid);
        error.Message.ShouldContain("cut off");
    }

    [Fact]
    public async Task ThePinboardInExportKeepsTitlesTextsTagsAndTimes()
    {
        var rows = await Rows.OfSampleAsync(ImportFormat.PinboardIn, "bookmarks/other/pinboard_export.json");
        rows.Count.ShouldBe(3);
        rows[0].Title.ShouldBe("Complexities of an Infinite Scroller");
        rows[0].Description!.ShouldStartWith("TL;DR");
        rows[0].Tags.ShouldBe(["infinite", "dom", "performance", "scroll"]);
        rows[0].AddedAt.ShouldBe(new DateTimeOffset(2016, 10, 31, 15, 57, 56, TimeSpan.Zero));
        rows[2].Description.ShouldBeNull();
        rows.ShouldAllBe(r => r.Board == Rows.DefaultBoard && !r.Secret && r.Problem == null);
    }

    [Fact]
    public async Task WhatPinboardInDoesNotShareIsSecretAndAnEntryThatIsCutOffIsNotRead()
    {
        const string Json = """[{"href":"https://a.example/","shared":"no"},{"href":"https://b.exam""";
        var rows = await Rows.OfAsync(ImportFormat.PinboardIn, Json);
        rows.Pins().ShouldHaveSingleItem().Secret.ShouldBeTrue();
        rows.Remarks().ShouldHaveSingleItem().Problem!.ShouldContain("cut off");
    }

    [Fact]
    public async Task ThePocketExportKeepsAQuotedTitleOfSeveralLinesAsOne()
    {
        var rows = await Rows.OfSampleAsync(ImportFormat.PocketCsv, "bookmarks/other/pocket.csv");
        rows.Count.ShouldBe(7);
        rows[6].Title.ShouldBe("Des abeilles pour résoudre les « conflits » entre les humains et les élépha");
        rows[6].Line.ShouldBe(8);
        rows[2].Title!.ShouldStartWith("Avec les accusés d’El Halia, par Gisèle");
        rows[0].AddedAt.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1600322788));
        rows.ShouldAllBe(r => r.Problem == null && r.Tags.Count == 0);
    }

    [Fact]
    public async Task PocketsTagsAreKeptAndLinesThatDoNotFitAreRefusedByNumber()
    {
        const string Csv = "title,url,time_added,tags,status\r\n\"a \"\"b\"\"\",https://a.example,1,x|y z,unread\r\n"
            + "one, two,https://b.example,1,,unread\r\nc,https://c.example,1";
        var rows = await Rows.OfAsync(ImportFormat.PocketCsv, Csv);
        rows[0].Title.ShouldBe("a \"b\"");
        rows[0].Tags.ShouldBe(["x", "y z"]);
        rows[1].Problem!.ShouldContain("Line 3 has 6 fields");
        rows[2].Kind.ShouldBe(RowKind.Remark);
        rows[2].Problem!.ShouldContain("line 4");
    }

    [Fact]
    public async Task ThePinterestSampleGivesItsOnePinAndNamesTheSectionThatIsNotRead()
    {
        var rows = await Rows.OfSampleAsync(ImportFormat.PinterestExport, "pinterest/pinterest-sample.html");
        var pin = rows.Pins().ShouldHaveSingleItem();
        pin.Problem.ShouldBeNull();
        (pin.Board, pin.Title, pin.Description, pin.Secret).ShouldBe((Rows.DefaultBoard, null, "some text", false));
        pin.Url.ShouldBe("https://some-cool-address-that-leads-to-the-source-of-my-pin");
        pin.Picture.ShouldBe(new RemotePicture("https://i.pinimg.com/736x/ab/cd/ef/abcdefghijklmnopqrstuvwxyz.jpg"));
        pin.AddedAt.ShouldBe(new DateTimeOffset(2017, 2, 13, 15, 35, 1, TimeSpan.Zero));
        rows.Remarks().ShouldHaveSingleItem().Problem!.ShouldContain("“Something else”");
    }

    [Fact]
    public async Task ManyPinterestPinsAreReadWithTheirBoardsAndTextsOfSeveralLines()
    {
        var html = new StringBuilder("<div id=\"contents\"><h1 id=a>Profile</h1>Name: x<br><h1 id=b>Pins</h1>\n");
        for (var i = 0; i < 5000; i++)
            html.Append($"<a href=\"https://www.pinterest.com/pin/{i}/\">https://www.pinterest.com/pin/{i}/</a>\n<br>Title: Cats, {i},")
                .Append("\n<br>Details: first\n<br>Note: second,\n<br>Image: 0123456789abcdef,")
                .Append("\n<br>Board Name: B").Append(i % 7)
                .Append(",\n<br>Canonical Link: No data,\n<br>Created at: 2020/01/01 00:00:00")
                .Append("\n<br>Alive: True\n<br>Private: ")
                .Append(i % 2 == 0).Append("<br><br>");
        var rows = await Rows.OfAsync(ImportFormat.PinterestExport, html.Append("<h1>Boards</h1></div>").ToString());
        rows.Pins().Count.ShouldBe(5000);
        rows.Folders().Count.ShouldBe(7);
        rows.Remarks().Select(r => r.Title).ShouldBe(["Profile", "Boards"]);
        var pin = rows.Pins()[2];
        (pin.Title, pin.Description, pin.Board, pin.Secret).ShouldBe(("Cats, 2", "first\nNote: second", "B2", true));
        pin.Url.ShouldBe("https://www.pinterest.com/pin/2/");
    }

    [Fact]
    public async Task APinterestPinThatIsCutOffIsNotReadForItMayHaveBeenPrivate()
    {
        const string Html = "<div id=\"contents\"><h1>Pins</h1><a href=\"https://www.pinterest.com/pin/1/\">https://www.pinterest.com/pin/1/</a>"
            + "<br>Title: x,<br>Created at: 2020/01/01 00:00:00<br>";
        var rows = await Rows.OfAsync(ImportFormat.PinterestExport, Html);
        rows.Pins().ShouldBeEmpty();
        rows.Remarks().ShouldHaveSingleItem().Problem!.ShouldContain("in the middle of a pin");
    }
}
