using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Import;

/// <summary>Real bookmark files, of which the nested ones are not over before anybody could kill them.</summary>
public sealed class KilledBookmarkImportTests
{
    static readonly string[] Files =
        ["chromium_nested.htm", "firefox_nested.htm", "internet_explorer_11_nested.htm"];

    public static TheoryData<string> Engines => Fleet.Engines;

    /// <remarks>Side by side, since what was killed keeps its shards for as long as a lease lasts.</remarks>
    [Theory]
    [MemberData(nameof(Engines))]
    public async Task ABookmarkFileKilledInTheMiddleAndImportedAgainEndsAsOneThatWasNot(string engine)
    {
        await using var place = await Place.OnAsync(engine);
        await place.AddUsersAsync([.. Files.SelectMany((_, i) => (string[])[$"whole{i}", $"killed{i}"])]);
        await using var opened = await place.OpenAsync();
        await Task.WhenAll(Files.Select(async (file, i) =>
        {
            var source = Samples.Find($"bookmarks/{file}");
            await place.ImportAsync("bookmarks", source, $"whole{i}");
            await KilledImport.OnceItHasBegunAsync(place, opened, ["bookmarks", source], $"killed{i}");
            await place.ImportAsync("bookmarks", source, $"killed{i}");
        }));
        // Opened anew: the cache of the first knows the users as they were.
        await using var after = await place.OpenAsync();
        for (var i = 0; i < Files.Length; i++)
            (await Holdings.OfAsync(after, $"killed{i}"))
                .ShouldBe(await Holdings.OfAsync(after, $"whole{i}"), Files[i]);
    }
}
