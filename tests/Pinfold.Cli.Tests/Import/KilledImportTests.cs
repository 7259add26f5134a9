using Pinfold.Cli.Tests.Running;
using Pinfold.Pinboard;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Import;

[Collection(FleetCollection.Name)]
public sealed class KilledImportTests
{
    const int Pictures = 40;

    static int Links => Soak.Times(1000, soaking: 3000);

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

        // Each later than the one before, and all before an import that is quick would have ended.
        for (var kill = 0; kill < Kills; kill++)
        {
            var part = Links * 3 / 4 / Kills;
            await KillAtAsync(place, opened, ["bookmarks", source], (kill * part) + random.Next(1, part), Links);
        }
        await place.ImportAsync("bookmarks", source, "killed");
        // Opened anew: the cache of the first knows the user as they were.
        await using var after = await place.OpenAsync();
        (await Holdings.OfAsync(after, "killed")).ShouldBe(expected);
        (await place.ImportAsync("bookmarks", source, "killed")).Number("added").ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task AKilledImportOfPicturesLeavesNoneUnmade(string engine)
    {
        var random = Seed.Take().NewRandom();
        await using var place = await Place.OnAsync(engine);
        var source = Samples.MakePictures(place["to-import"], Pictures);
        await place.AddUsersAsync("whole", "killed");
        await using var opened = await place.OpenAsync();
        await KillAtAsync(place, opened, ["images", source], random.Next(1, Pictures), Pictures);
        await place.ImportAsync("images", source, "killed");
        await place.ImportAsync("images", source, "whole");
        // Opened anew: the cache of the first knows the user as they were.
        await using var after = await place.OpenAsync();
        var expected = await Holdings.OfAsync(after, "whole");
        expected.Count(line => line.Contains("picture Ready", StringComparison.Ordinal)).ShouldBe(Pictures);
        (await Holdings.OfAsync(after, "killed")).ShouldBe(expected);
        Directory.EnumerateFiles(Path.Combine(place.Data, "pictures/incoming")).ShouldBeEmpty();
    }

    /// <summary>
    /// Runs the import and kills it as soon as anything of the user's is there; a small one may have ended by then.
    /// </summary>
    internal static async Task KillOnceItHasBegunAsync(
        Place place, OpenPlace opened, string[] what, string username)
    {
        var user = await opened.UserAsync(username);
        var words = place.Words(["import", .. what, "--user", username, "--no-fetch"]);
        using var process = PinfoldProgram.Start(words);
        var finished = PinfoldProgram.FinishAsync(process, words);
        while (!process.HasExited && await opened.Store.CountAsync(PinboardModel.UserHasBoards, user) == 0)
            await Task.Yield();
        process.Kill();
        (await finished).Code.ShouldBeOneOf([137, 0, 6], $"{await finished}");
    }

    /// <summary>Runs the import and kills it as a power cut would, as soon as so many pins are there.</summary>
    static async Task KillAtAsync(Place place, OpenPlace opened, string[] what, int pins, int all)
    {
        var user = await opened.UserAsync("killed");
        var words = place.Words(["import", .. what, "--user", "killed", "--no-fetch"]);
        using var process = PinfoldProgram.Start(words);
        var finished = PinfoldProgram.FinishAsync(process, words);
        var count = 0L;
        while (!process.HasExited && (count = await opened.Store.CountAsync(PinboardModel.UserHasPins, user)) < pins)
            await Task.Yield();
        process.Kill();
        (await finished).Code.ShouldBe(137, $"{await finished}");
        count.ShouldBeGreaterThanOrEqualTo(pins);
        (await opened.Store.CountAsync(PinboardModel.UserHasPins, user)).ShouldBeLessThanOrEqualTo(all);
    }
}
