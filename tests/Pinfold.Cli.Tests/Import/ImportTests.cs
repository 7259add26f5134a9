using System.IO.Compression;
using System.Text.Json.Nodes;
using Pinfold.Cli.Tests.Running;
using Pinfold.Pinboard;
using Pinfold.Pinboard.Pins;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Import;

[Collection(FleetCollection.Name)]
public sealed class ImportTests
{
    /// <summary>
    /// What each file holds, as the page about the samples says; folders -1 where a format has none to count. Refused
    /// is what cannot be a pin, with a word of the reason: queries that only Firefox understands, and an address within
    /// the service that it came from.
    /// </summary>
    static readonly (string File, int Links, int Folders, int Refused, string Reason)[] Bookmarks =
    [
        ("chromium_nested.htm", 18, 7, 0, ""),
        ("firefox_nested.htm", 24, 6, 3, "“place:"),
        ("internet_explorer_11_nested.htm", 27, 9, 0, ""),
        ("safari_folded.htm", 3, 5, 0, ""),
        ("delicious.htm", 5, 0, 0, ""),
        ("shaarli.htm", 6, 0, 1, "“?lY47tw”"),
        ("netscape_nested.htm", 8, 4, 0, ""),
        ("netscape_multiline.htm", 3, 0, 0, ""),
        ("no_doctype.htm", 2, 0, 0, ""),
        ("other/pinboard_export.json", 3, -1, 0, ""),
        ("other/chrome-bookmarks.json", 1, 3, 0, ""),
        ("other/pocket.csv", 7, -1, 0, ""),
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
            var (file, links, folders, refused, reason) = Bookmarks[i];
            var source = Samples.Find($"bookmarks/{file}");
            var first = await place.ImportAsync("bookmarks", source, $"reader{i}");
            Number(first, "rows").ShouldBe(links, file);
            Number(first, "folders").ShouldBe(Math.Max(0, folders), file);
            Number(first, "refused").ShouldBe(refused, first.ToString());
            Refusals(first).Count(why => why.Contains(reason, StringComparison.Ordinal)).ShouldBe(refused, file);
            Number(first, "added").ShouldBe(links - refused, first.ToString());
            await ShouldAddNothingAsync(place, "bookmarks", source, $"reader{i}", first);
        }
        await using var opened = await place.OpenAsync();
        for (var i = 0; i < Bookmarks.Length; i++)
            (await Holdings.PinsAsync(opened, $"reader{i}")).Count
                .ShouldBe(Bookmarks[i].Links - Bookmarks[i].Refused, Bookmarks[i].File);
    }

    /// <remarks>
    /// The nested ones, for the others are over before anybody could kill them; side by side, since what was killed
    /// keeps its shards for as long as a lease lasts.
    /// </remarks>
    [Theory]
    [MemberData(nameof(Engines))]
    public async Task ABookmarkFileKilledInTheMiddleAndImportedAgainEndsAsOneThatWasNot(string engine)
    {
        var nested = Bookmarks.Where(b => b.Links > 10).ToList();
        await using var place = await Place.OnAsync(engine);
        await place.AddUsersAsync([.. nested.SelectMany((_, i) => (string[])[$"whole{i}", $"killed{i}"])]);
        await using var opened = await place.OpenAsync();
        await Task.WhenAll(nested.Select(async (bookmarks, i) =>
        {
            var source = Samples.Find($"bookmarks/{bookmarks.File}");
            await place.ImportAsync("bookmarks", source, $"whole{i}");
            await KilledImportTests.KillOnceItHasBegunAsync(place, opened, ["bookmarks", source], $"killed{i}");
            await place.ImportAsync("bookmarks", source, $"killed{i}");
        }));
        // Opened anew: the cache of the first knows the users as they were.
        await using var after = await place.OpenAsync();
        for (var i = 0; i < nested.Count; i++)
            (await Holdings.OfAsync(after, $"killed{i}"))
                .ShouldBe(await Holdings.OfAsync(after, $"whole{i}"), nested[i].File);
    }

    [Fact]
    public void TheNumbersAreThoseOfThePageAboutTheSamples()
    {
        if (SharedData.Find("README.md") is not { } page)
            return;
        var rows = File.ReadLines(page).Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length > 5).ToLookup(cells => cells[1].Trim('`'));
        foreach (var (file, links, folders, _, _) in Bookmarks)
        {
            var cells = rows[file].ShouldHaveSingleItem();
            cells[3].ShouldBe($"{links}", file);
            cells[4].Split(' ')[0].ShouldBe(folders < 0 ? "–" : $"{folders}", file);
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
        await place.AddUsersAsync("ann", "ben");
        // The real photographs cost minutes of processor time on three engines: MariaDB gets the small folder.
        var (source, rows, refused) = engine == "MariaDB" || Samples.Photographs() is not { } real
            ? (Samples.MakePictures(place["pictures-to-import"], 12), 12, 0) : real;
        var first = await place.ImportAsync("images", source, "ann");
        Number(first, "rows").ShouldBe(rows);
        Number(first, "refused").ShouldBe(refused, first.ToString());
        // The one AVIF and the one HEIF among the real ones; everything else is a picture that can be shown.
        Refusals(first).Count(why => why.Contains("AVIF", StringComparison.Ordinal)
            || why.Contains("HEIF", StringComparison.Ordinal)).ShouldBe(refused, first.ToString());
        await ShouldHavePicturesAsync(place, "ann", rows - refused);
        await ShouldAddNothingAsync(place, "images", source, "ann", first);

        // Once is enough for all of them to be made from a zip.
        if (engine != "SQLite")
            (source, rows, refused) = (Samples.MakePictures(place["few-to-zip"], 5), 5, 0);
        ZipFile.CreateFromDirectory(source, place["pictures.zip"]);
        var zipped = await place.ImportAsync("images", place["pictures.zip"], "ben");
        (Number(zipped, "rows"), Number(zipped, "refused")).ShouldBe((rows, refused), zipped.ToString());
        await ShouldHavePicturesAsync(place, "ben", rows - refused);
        await ShouldAddNothingAsync(place, "images", place["pictures.zip"], "ben", zipped);
        var sameAgain = await place.ImportAsync("images", source, "ben");
        Number(sameAgain, "added").ShouldBe(0, "a zip of the folder holds the same pictures");
    }

    static async Task ShouldHavePicturesAsync(Place place, string user, int count)
    {
        await using var opened = await place.OpenAsync();
        var pins = await Holdings.PinsAsync(opened, user);
        pins.Count.ShouldBe(count);
        pins.ShouldAllBe(p => p.Picture!.State == PictureState.Ready && p.Picture.Colour != null);
    }

    static IEnumerable<string> Refusals(JsonNode report) => report["problems"]!.AsArray()
        .Where(p => p!["isRefused"]!.GetValue<bool>())
        .Select(p => p!["why"]!.GetValue<string>());

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
