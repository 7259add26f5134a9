using Pinfold.Cli.Tests.Running;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Import;

public sealed class KilledImportTests
{
    static readonly int Links = Soak.Times(800, soaking: 2000);

    static int Kills => Soak.Times(2, soaking: 5);

    public static TheoryData<string> Engines => Fleet.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task AnImportKilledAgainAndAgainEndsAsOneThatWasNot(string engine)
    {
        var random = Seed.Take().NewRandom();
        await using var place = await Place.OnAsync(engine);
        var source = Samples.MakeBookmarks(place["bookmarks.html"], Links);
        await place.AddUsersAsync("whole", "killed");
        await place.ImportAsync("bookmarks", source, "whole");
        await using var opened = await place.OpenAsync();
        var expected = await Holdings.OfAsync(opened, "whole");
        expected.ShouldContain($"pins {Links}, imported {Links}");

        // Each later than the one before, and all so early that the import is not over when the kill comes.
        var part = Links / 2 / Kills;
        for (var kill = 0; kill < Kills; kill++)
            await KilledImport.AtAsync(
                place, opened, ["bookmarks", source], (kill * part) + random.Next(1, part), Links);
        await place.ImportAsync("bookmarks", source, "killed");
        // Opened anew: the cache of the first knows the user as they were.
        await using var after = await place.OpenAsync();
        (await Holdings.OfAsync(after, "killed")).ShouldBe(expected);
        (await place.ImportAsync("bookmarks", source, "killed")).Number("added").ShouldBe(0);
    }
}
