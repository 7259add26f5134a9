using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Commands;

public sealed class ImportRefusalTests
{
    [Fact]
    public async Task WhatCannotBeImportedIsRefusedByNameAndMakesNothing()
    {
        await using var place = Place.Embedded();
        await place.AddUsersAsync("ann");
        await File.WriteAllBytesAsync(place["photo.html"], [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF"u8,
            .. new byte[500]]);
        await File.WriteAllTextAsync(place["empty.html"], "");
        var bookmarks = Samples.Find("bookmarks/delicious.htm");

        (await ImportAsync(place, "bookmarks", place["photo.html"], "ann")).ShouldRefuse(2, "JPEG");
        (await ImportAsync(place, "bookmarks", place["empty.html"], "ann")).ShouldRefuse(2, "empty");
        (await ImportAsync(place, "bookmarks", place["none.html"], "ann")).ShouldRefuse(3, "none.html");
        (await ImportAsync(place, "bookmarks", place.Data, "ann")).ShouldRefuse(2, place.Data);
        (await ImportAsync(place, "bookmarks", bookmarks, "ben")).ShouldRefuse(3, "ben");
        (await ImportAsync(place, "pinterest", bookmarks, "ann")).ShouldRefuse(2);
        (await ImportAsync(place, "images", place["nowhere"], "ann")).ShouldRefuse(3, "nowhere");

        await using var opened = await place.OpenAsync();
        (await Holdings.OfAsync(opened, "ann")).ShouldBe(["boards made 0", "pins 0, imported 0"]);
    }

    [Fact]
    public async Task AFileThatEndsInMidTagGivesWhatIsWholeAndSaysSo()
    {
        await using var place = Place.Embedded();
        await place.AddUsersAsync("ann");
        await File.WriteAllTextAsync(place["cut.html"], """
            <!DOCTYPE NETSCAPE-Bookmark-file-1>
            <DL><p>
            <DT><A HREF="https://one.example/">One</A>
            <DT><A HREF="https://two.example/">Two</A>
            <DT><A HREF="https://thr
            """);
        var finished = await ImportAsync(place, "bookmarks", place["cut.html"], "ann");
        finished.Code.ShouldBeOneOf(0, 6);
        finished.Json["added"]!.GetValue<long>().ShouldBe(2, $"{finished}");
        finished.Json["problems"]!.AsArray().Count.ShouldBe(1, $"{finished}");
    }

    static Task<Finished> ImportAsync(Place place, string kind, string source, string user) =>
        place.RunAsync("import", kind, source, "--user", user, "--no-fetch", "--json");
}
