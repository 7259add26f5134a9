using Pinfold.Pinboard;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using Shouldly;

namespace Pinfold.Cli.Tests.Running;

/// <summary>
/// All that a person has, as sorted lines that are the same for the same state: no ids, no times of
/// now.
/// </summary>
static class Holdings
{
    public static async Task<IReadOnlyList<string>> OfAsync(OpenPlace place, string username)
    {
        var store = place.Store;
        var user = await place.UserAsync(username);
        var lines = new List<string> { $"boards made {(await store.GetAsync(user)).Body.BoardsMade}" };
        var pins = await EntriesAsync(store, PinboardModel.UserHasPins, user);
        var imported = await EntriesAsync(store, PinboardModel.UserHasImportedPins, user);
        lines.Add($"pins {pins.Count}, imported {imported.Count}");
        imported.Select(e => e.To).Order().ShouldBe(pins.Select(e => e.To).Order());
        var places = new Dictionary<ObjectId, string>();
        foreach (var entry in await EntriesAsync(store, PinboardModel.UserHasBoards, user))
        {
            var board = await store.GetAsync(entry.To);
            places[board.Id] = board.Body.Name;
            var onBoard = await EntriesAsync(store, PinboardModel.BoardHasPins, board.Id);
            var shown = await EntriesAsync(store, PinboardModel.BoardHasPublicPins, board.Id);
            lines.Add(
                $"board {board.Body.Name} at {board.Body.Slug}: {onBoard.Count} pins, {shown.Count} for everybody");
            await AddSectionsAsync(store, board, places, lines);
        }
        foreach (var batch in pins.Chunk(500))
            foreach (var pin in await store.FindManyAsync([.. batch.Select(e => e.To)]))
                lines.Add(Line(pin.ShouldNotBeNull().Body, places));
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    /// <summary>The pins themselves.</summary>
    public static async Task<IReadOnlyList<Pin>> PinsAsync(OpenPlace place, string username)
    {
        var entries = await EntriesAsync(place.Store, PinboardModel.UserHasPins, await place.UserAsync(username));
        return [.. (await place.Store.FindManyAsync([.. entries.Select(e => e.To)])).Select(p => p!.Body)];
    }

    static async Task AddSectionsAsync(
        ShardedStore store, Stored<Board> board, Dictionary<ObjectId, string> places, List<string> lines)
    {
        foreach (var entry in await EntriesAsync(store, PinboardModel.BoardHasSections, board.Id))
        {
            var section = await store.GetAsync(entry.To);
            places[section.Id] = section.Body.Name;
            var count = (await EntriesAsync(store, PinboardModel.SectionHasPins, section.Id)).Count;
            lines.Add($"section {board.Body.Name} / {section.Body.Name}: {count} pins");
        }
    }

    /// <summary>All entries of a mapping, which must be as many as its count says.</summary>
    static async Task<IReadOnlyList<Entry<TTo>>> EntriesAsync<TFrom, TTo>(
        ShardedStore store, Mapping<TFrom, TTo> mapping, ObjectId<TFrom> from)
        where TFrom : class
        where TTo : class
    {
        var entries = new List<Entry<TTo>>();
        string? cursor = null;
        do
        {
            var page = await store.PageAsync(mapping, from, new PageRequest(1000) { Cursor = cursor });
            entries.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        ((long)entries.Count).ShouldBe(await store.CountAsync(mapping, from), $"{mapping}");
        return entries;
    }

    static string Line(Pin pin, Dictionary<ObjectId, string> places) =>
        $"pin {pin.ImportKey} \"{pin.Title}\" on {places[pin.Board]}"
        + (pin.Section.IsNone ? "" : $" / {places[pin.Section]}")
        + $" to {pin.Link} secret {pin.IsSecret} picture {pin.Picture?.State} {pin.Picture?.Hash}";
}
