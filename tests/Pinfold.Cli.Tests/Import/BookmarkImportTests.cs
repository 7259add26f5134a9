using Pinfold.Cli.Tests.Running;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Import;

public sealed class BookmarkImportTests
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
        // How a file is read has nothing to do with the engine.
        var files = Soak.Sample(Bookmarks, engine == "SQLite" ? 8 : 4);
        await place.AddUsersAsync([.. files.Select((_, i) => $"reader{i}")]);
        var threeAtOnce = new ParallelOptions { MaxDegreeOfParallelism = 3 };
        await Parallel.ForEachAsync(files.Index(), threeAtOnce, async (item, _) =>
        {
            var (reader, (file, links, folders, refused, reason)) = ($"reader{item.Index}", item.Item);
            var source = Samples.Find($"bookmarks/{file}");
            var first = await place.ImportAsync("bookmarks", source, reader);
            first.Number("rows").ShouldBe(links, file);
            first.Number("folders").ShouldBe(Math.Max(0, folders), file);
            first.Number("refused").ShouldBe(refused, first.ToString());
            first.Refusals.Count(why => why.Contains(reason, StringComparison.Ordinal)).ShouldBe(refused, file);
            first.Number("added").ShouldBe(links - refused, first.ToString());
            await place.ShouldAddNothingAsync("bookmarks", source, reader, first);
        });
        await using var opened = await place.OpenAsync();
        foreach (var (i, file) in files.Index())
            (await Holdings.PinsAsync(opened, $"reader{i}")).Count.ShouldBe(file.Links - file.Refused, file.File);
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
}
