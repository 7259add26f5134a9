using Pinfold.Cli.Tests.Running;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Import;

public sealed class KilledPictureImportTests
{
    const int Pictures = 40;

    public static TheoryData<string> Engines => Fleet.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task AKilledImportOfPicturesLeavesNoneUnmade(string engine)
    {
        var random = Seed.Take().NewRandom();
        await using var place = await Place.OnAsync(engine);
        var source = Samples.MakePictures(place["to-import"], Pictures);
        await place.AddUsersAsync("whole", "killed");
        await using var opened = await place.OpenAsync();
        await KilledImport.AtAsync(place, opened, ["images", source], random.Next(1, Pictures), Pictures);
        await place.ImportAsync("images", source, "killed");
        await place.ImportAsync("images", source, "whole");
        // Opened anew: the cache of the first knows the user as they were.
        await using var after = await place.OpenAsync();
        var expected = await Holdings.OfAsync(after, "whole");
        expected.Count(line => line.Contains("picture Ready", StringComparison.Ordinal)).ShouldBe(Pictures);
        (await Holdings.OfAsync(after, "killed")).ShouldBe(expected);
        Directory.EnumerateFiles(Path.Combine(place.Data, "pictures/incoming")).ShouldBeEmpty();
    }
}
