using System.IO.Compression;
using Pinfold.Cli.Tests.Running;
using Pinfold.Pinboard;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Import;

public sealed class ImportTests
{
    public static TheoryData<string> Engines => Fleet.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task ThePinterestExportIsImportedWholeAndOnlyOnce(string engine)
    {
        await using var place = await Place.OnAsync(engine);
        await place.AddUsersAsync("ann");
        var source = Samples.Find("pinterest/pinterest-sample.html");
        var first = await place.ImportAsync("pinterest", source, "ann");
        (first.Number("rows"), first.Number("added"), first.Number("refused")).ShouldBe((1, 1, 0));
        await place.ShouldAddNothingAsync("pinterest", source, "ann", first);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task AFolderOfPicturesIsImportedOnceAndItsPicturesAreMade(string engine)
    {
        await using var place = await Place.OnAsync(engine);
        await place.AddUsersAsync("ann", "ben");
        // How a picture is made has nothing to do with the engine: one of them gets the real photographs.
        var (source, rows, refused) = engine == "SQLite" && Samples.Photographs(place["photographs"]) is { } real
            ? real : (Samples.MakePictures(place["pictures-to-import"], 12), 12, 0);
        var first = await place.ImportAsync("images", source, "ann");
        first.Number("rows").ShouldBe(rows);
        first.Number("refused").ShouldBe(refused, first.ToString());
        // The one AVIF and the one HEIF among the real ones; everything else is a picture that can be shown.
        first.Refusals.Count(why => why.Contains("AVIF", StringComparison.Ordinal)
            || why.Contains("HEIF", StringComparison.Ordinal)).ShouldBe(refused, first.ToString());
        await ShouldHavePicturesAsync(place, "ann", rows - refused);
        await place.ShouldAddNothingAsync("images", source, "ann", first);

        // Once is enough for all of them to be made from a zip.
        if (engine != "SQLite" || !Soak.IsOn)
            (source, rows, refused) = (Samples.MakePictures(place["few-to-zip"], 5), 5, 0);
        ZipFile.CreateFromDirectory(source, place["pictures.zip"]);
        var zipped = await place.ImportAsync("images", place["pictures.zip"], "ben");
        (zipped.Number("rows"), zipped.Number("refused")).ShouldBe((rows, refused), zipped.ToString());
        await ShouldHavePicturesAsync(place, "ben", rows - refused);
        await place.ShouldAddNothingAsync("images", place["pictures.zip"], "ben", zipped);
        var sameAgain = await place.ImportAsync("images", source, "ben");
        sameAgain.Number("added").ShouldBe(0, "a zip of the folder holds the same pictures");
    }

    [Fact]
    public async Task WhatIsDamagedIsRefusedByItsPathAndNothingOfItStays()
    {
        await using var place = Place.Embedded();
        await place.AddUsersAsync("ann");
        var finished = await place.RunAsync("import", "images", Samples.Find("images/damaged"), "--user", "ann",
            "--no-fetch", "--report", place["report.csv"]);
        finished.ShouldEnd(6).Out.ShouldContain("1 added, 0 there already, 3 refused.");
        foreach (var name in (string[])["cut.jpg", "cut.png", "cut.webp"])
            finished.Out.ShouldContain($"refused: {name}: ");
        var table = await File.ReadAllLinesAsync(place["report.csv"]);
        table[0].ShouldBe("Row,Result,What,Reason");
        table.Length.ShouldBe(4);
        table[1].ShouldStartWith("1,refused,\"cut.jpg\",\"This JPEG is cut short");
        await ShouldHavePicturesAsync(place, "ann", 1);
        var originals = Directory.GetFiles(Path.Combine(place.Data, "pictures"), "*", SearchOption.AllDirectories)
            .Where(f => !f.EndsWith(".webp", StringComparison.Ordinal) && !f.Contains("unused"));
        originals.ShouldHaveSingleItem().ShouldEndWith(".jpg");

        var again = await place.RunAsync(
            "import", "images", Samples.Find("images/damaged"), "--user", "ann", "--no-fetch");
        again.ShouldEnd(6).Out.ShouldContain("Nothing was added: 1 was there already, and 3 were refused");
    }

    [Fact]
    public async Task AReasonSpeaksOfItsOwnPictureAlone()
    {
        await using var place = Place.Embedded();
        await place.AddUsersAsync("ann");
        var report = await place.ImportAsync("images", Samples.Find("images/reasons"), "ann");
        report.Refusals.ShouldBe([
            "This JPEG is cut short: its data ends before the picture does.",
            "This PNG is damaged: it has no picture in it.",
        ]);
    }

    static async Task ShouldHavePicturesAsync(Place place, string user, int count)
    {
        await using var opened = await place.OpenAsync();
        var pins = await Holdings.PinsAsync(opened, user);
        pins.Count.ShouldBe(count);
        pins.ShouldAllBe(p => p.Picture!.State == PictureState.Ready && p.Picture.Colour != null);
    }
}
