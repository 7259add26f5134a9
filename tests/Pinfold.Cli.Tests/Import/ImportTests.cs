using System.Text.Json.Nodes;
using Pinfold.Cli.Tests.Running;
using Pinfold.Pinboard.Pins;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Import;

[Collection(FleetCollection.Name)]
public sealed class ImportTests
{
    /// <summary>What each file holds; folders -1 where its format has none to count.</summary>
    static readonly (string File, int Links, int Folders, int Refused)[] Bookmarks =
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
        ("other/pinboard_export.json", 3, -1, 0),
        ("other/chrome-bookmarks.json", 1, 3, 0),
        ("other/pocket.csv", 7, -1, 0),
    ];

    public static TheoryData<string> Engines => Fleet.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task EveryBookmarkFileIsImportedWholeAndOnlyOnce(string engine)
    {
        await using var place = await Place.OnAsync(engine);
        await place.AddUsersAsync([.. Bookmarks.Select((_, i) => $"reader{i}")]);
        for (var i = 0; i < Bookmarks.Length; i++)
        {
            var (file, links, folders, refused) = Bookmarks[i];
            var source = Samples.Find($"bookmarks/{file}");
            var first = await place.ImportAsync("bookmarks", source, $"reader{i}");
            Number(first, "rows").ShouldBe(links, file);
            if (folders >= 0)
                Number(first, "folders").ShouldBe(folders, file);
            Number(first, "refused").ShouldBe(refused, first.ToString());
            Number(first, "added").ShouldBe(links - refused, first.ToString());
            await ShouldAddNothingAsync(place, "bookmarks", source, $"reader{i}", first);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task ThePinterestExportIsImportedWholeAndOnlyOnce(string engine)
    {
        await using var place = await Place.OnAsync(engine);
        await place.AddUsersAsync("ann");
        var source = Samples.Find("pinterest/pinterest-sample.html");
        var first = await place.ImportAsync("pinterest", source, "ann");
        (Number(first, "rows"), Number(first, "added"), Number(first, "refused")).ShouldBe((1, 1, 0));
        await ShouldAddNothingAsync(place, "pinterest", source, "ann", first);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task AFolderOfPicturesIsImportedOnceAndItsPicturesAreMade(string engine)
    {
        await using var place = await Place.OnAsync(engine);
        await place.AddUsersAsync("ann");
        // The real photographs cost minutes of processor time on three engines: MariaDB gets the small folder.
        var (source, rows, refused) = engine == "MariaDB" || Samples.Photographs() is not { } real
            ? (Samples.MakePictures(place["pictures-to-import"], 12), 12, 0) : real;
        var first = await place.ImportAsync("images", source, "ann");
        Number(first, "rows").ShouldBe(rows);
        Number(first, "refused").ShouldBe(refused, first.ToString());
        await using (var opened = await place.OpenAsync())
        {
            var pins = await Holdings.PinsAsync(opened, "ann");
            pins.Count.ShouldBe(rows - refused);
            pins.ShouldAllBe(p => p.Picture!.State == PictureState.Ready && p.Picture.Colour != null);
        }
        await ShouldAddNothingAsync(place, "images", source, "ann", first);
    }

    static async Task ShouldAddNothingAsync(Place place, string kind, string source, string user, JsonNode first)
    {
        var again = await place.ImportAsync(kind, source, user);
        Number(again, "added").ShouldBe(0, again.ToString());
        Number(again, "present").ShouldBe(Number(first, "added") + Number(first, "present"));
        (Number(again, "rows"), Number(again, "refused")).ShouldBe((Number(first, "rows"), Number(first, "refused")));
        (Number(again, "boards"), Number(again, "sections")).ShouldBe((0, 0));
    }

    static long Number(JsonNode report, string name) => report[name]!.GetValue<long>();
}
