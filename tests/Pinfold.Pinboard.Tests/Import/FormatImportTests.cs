using Pinfold.Pinboard.Import;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Sharding;
using Pinfold.Testing;
using Shouldly;
using Xunit;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Tests.Import;

/// <summary>What comes of files of each format on a person's boards, on each engine.</summary>
public sealed class FormatImportTests(PinboardEngines engines) : IClassFixture<PinboardEngines>
{
    const int Kept = 1_600_000_000;

    /// <summary>Each pin as board/section, title, and an exclamation mark if it is secret; the newest first.</summary>
    static readonly (string File, int Refused, string[] Pins)[] Files =
    [
        ("nested-link-in-private-description.htm", 0, ["Imported: Public", "Imported: A private page!"]),
        ("unescaped.html", 0, [
            "Imported: Seventh", "Imported: Sixth", "Imported: How to write <!-- in a title",
            "Imported: <!-- in front -->", "Imported: Third", "Imported: Second",
            "Imported: The <script> element and <b> too"]),
        ("folder-description.htm", 0, ["Garden: Peas"]),
        ("description-attribute.htm", 0, ["Imported: A"]),
        ("invalid-date.htm", 0, ["Imported: Two", "Imported: One"]),
        ("cp1251.html", 0, ["Imported: Закладки"]),
        ("instapaper.csv", 0, ["Recipes: Three", "Archive: Two", "Unread: One"]),
        ("instapaper.html", 0, ["Unread: An essay on moss", "Archive: Second"]),
        ("raindrop.csv", 0, ["Kitchen/Cakes: Plum cake", "Garden: Rake handles"]),
        ("takeout-saved.csv", 0, ["Imported: Moss bakery"]),
        ("takeout.zip", 0, ["Favourites: Moss bakery", "Want to go: Quarry"]),
        ("pocket.html", 0, ["Archive: Two", "Unread: One"]),
        ("pocket.zip", 0, ["Archive: Fern", "Unread: Moss"]),
        ("delicious.json", 0, ["Imported: One"]),
        ("posts.xml", 0, ["Imported: Stone!", "Imported: Moss & fern"]),
        ("firefox-backup.jsonlz4", 1, [
            "Bookmarks Toolbar: Weather", "Garden/Trees: Quince", "Garden: Peas"]),
    ];

    public static TheoryData<string> Engines => PinboardEngines.Names;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task EveryFormatFillsTheBoardsOfItsFoldersAndOnlyOnce(string engine)
    {
        var pinboard = engines[engine];
        // How a file is read has nothing to do with the engine.
        foreach (var (file, refused, pins) in engine == "SQLite" ? Files : Soak.Sample(Files, 5))
        {
            var owner = await pinboard.AddUserAsync($"f{Guid.NewGuid():N}"[..20]);
            var result = await ImportAsync(pinboard, owner, $"formats/{file}");
            (result.Added, result.Refused).ShouldBe((pins.Length, refused), file);
            (await ShownAsync(pinboard, owner)).ShouldBe(pins, ignoreOrder: false, file);
            (await ImportAsync(pinboard, owner, $"formats/{file}")).Added.ShouldBe(0, file);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task PinsOfOneTimeStayInTheOrderOfTheirFileAlsoWhenTheyAreMoved(string engine)
    {
        var pinboard = engines[engine];
        var owner = await pinboard.AddUserAsync($"o{Guid.NewGuid():N}"[..20]);
        var rows = Enumerable.Range(1, 250).Select(n => new ImportRow(n, RowKind.Pin, $"key {n}")
        {
            Board = n % 3 == 0 ? "Other" : "Moss",
            Title = $"{n:D3}",
            Url = $"https://moss.example/{n}",
            AddedAt = DateTimeOffset.FromUnixTimeSeconds(Kept),
        });
        await pinboard.Get<ImportRunner>().RunAsync(owner.Id, rows.ToAsyncEnumerable(), null, default);
        var titles = Enumerable.Range(1, 250).Select(n => $"{n:D3}").ToList();
        (await PinsAsync(pinboard, owner)).Select(p => p.Body.Title).ShouldBe(titles);
        (await PinsAsync(pinboard, owner)).ShouldAllBe(p => p.Body.CreatedAt.ToUnixTimeSeconds() == Kept);

        var moss = (await pinboard.Boards.ListAsync(owner.Id, default)).Last().To;
        foreach (var pin in (await PinsAsync(pinboard, owner)).Where(p => p.Body.Board != moss).Take(3))
            await pinboard.Pins.UpdateAsync(
                owner.Viewer, pin.Id, pin.Body.Title, new string('x', 900), pin.Body.Link, isSecret: false, moss,
                default, default);
        (await PinsAsync(pinboard, owner)).Select(p => p.Body.Title).ShouldBe(titles);
        var onBoard = await pinboard.Store.PageAsync(BoardHasPins, moss, new PageRequest(1000));
        (await pinboard.Store.FindManyAsync([.. onBoard.Items.Select(e => e.To)])).Select(p => p!.Body.Title)
            .ShouldBe(titles.Where((_, i) => (i + 1) % 3 > 0 || i < 9));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task AFoldersDescriptionIsThatOfTheBoardWhichIsMadeForIt(string engine)
    {
        var pinboard = engines[engine];
        var owner = await pinboard.AddUserAsync($"d{Guid.NewGuid():N}"[..20]);
        await ImportAsync(pinboard, owner, "formats/folder-description.htm");
        var board = (await pinboard.Boards.ListAsync(owner.Id, default)).ShouldHaveSingleItem().To;
        (await pinboard.Store.GetAsync(board)).Body.Description.ShouldBe("What grows where");
        // What its owner writes there stays.
        await pinboard.Boards.UpdateAsync(owner.Viewer, board, "Garden", "Mine", isSecret: false, default);
        await ImportAsync(pinboard, owner, "formats/folder-description.htm");
        (await pinboard.Store.GetAsync(board)).Body.Description.ShouldBe("Mine");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task NamesOfBothFormsOfUnicodeAreOneBoardAndOneSection(string engine)
    {
        var pinboard = engines[engine];
        var owner = await pinboard.AddUserAsync($"n{Guid.NewGuid():N}"[..20]);
        await ImportAsync(pinboard, owner, "zips/names-nfc.zip");
        await ImportAsync(pinboard, owner, "zips/names-nfd-noflag.zip");
        (await ShownAsync(pinboard, owner)).Order().ShouldBe(["Caf\u00E9: A", "Caf\u00E9: B"]);
        (await pinboard.Boards.ListAsync(owner.Id, default)).Count.ShouldBe(1);

        // As boards were kept before names were composed.
        var decomposed = pinboard.Store.Begin(owner.Id.Shard);
        var old = await pinboard.Boards.CreateAsync(owner.Id, "Tea", null, isSecret: false, default);
        decomposed.Update(await pinboard.Store.GetAsync(old) is var board
            ? board with { Body = board.Body with { Name = "The\u0301" } } : null!);
        await decomposed.CommitAsync();
        (await pinboard.Boards.GetOrCreateAsync(owner.Id, "TH\u00C9", null, default)).ShouldBe((old, false));
    }

    static Task<ImportResult> ImportAsync(TestPinboard pinboard, TestUser owner, string sample)
    {
        var rows = ImportSource.FileAsync(Rows.SamplePath(sample), "Imported", ImportFormat.All, default);
        return pinboard.Get<ImportRunner>().RunAsync(owner.Id, rows, null, default);
    }

    static async Task<List<string>> ShownAsync(TestPinboard pinboard, TestUser owner)
    {
        var lines = new List<string>();
        foreach (var pin in await PinsAsync(pinboard, owner))
        {
            var board = (await pinboard.Store.GetAsync(pin.Body.Board)).Body.Name;
            if (!pin.Body.Section.IsNone)
                board += $"/{(await pinboard.Store.GetAsync(pin.Body.Section)).Body.Name}";
            lines.Add($"{board}: {pin.Body.Title}{(pin.Body.IsSecret ? "!" : "")}");
        }
        return lines;
    }

    static async Task<List<Stored<Pin>>> PinsAsync(TestPinboard pinboard, TestUser owner)
    {
        var page = await pinboard.Store.PageAsync(UserHasPins, owner.Id, new PageRequest(1000));
        return [.. (await pinboard.Store.FindManyAsync([.. page.Items.Select(e => e.To)])).OfType<Stored<Pin>>()];
    }
}
