using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using Shouldly;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Tests;

/// <summary>Everything that one person has, as the shards have it, and whether it agrees.</summary>
static class PinboardAudit
{
    /// <summary>
    /// Every pin is on a board and in a section that is there; each of these lists and counts exactly its own, and
    /// apart from them what everybody may see; nothing is left of those that are not there any more. Gives the pins.
    /// </summary>
    public static async Task<IReadOnlyDictionary<ObjectId<Pin>, Pin>> RunAsync(
        ShardedStore store, ObjectId<User> owner, IEnumerable<ObjectId<Board>> boards,
        IEnumerable<ObjectId<Section>> sections)
    {
        var pins = new Dictionary<ObjectId<Pin>, Pin>();
        await foreach (var entry in store.EntriesAsync(UserHasPins, owner))
            pins.Add(entry.To, (await store.FindUncachedAsync(entry.To, default)).ShouldNotBeNull().Body);
        (await store.CountAsync(UserHasPins, owner)).ShouldBe(pins.Count);
        var (liveBoards, secretBoards) = (new HashSet<ObjectId<Board>>(), new HashSet<ObjectId<Board>>());
        var liveSections = new HashSet<ObjectId<Section>>();
        foreach (var id in boards.Distinct())
        {
            var found = await store.FindUncachedAsync(id, default);
            (await store.CountAsync(BoardIsPublic, id)).ShouldBe(found is { Body.IsSecret: false } ? 1 : 0);
            (await store.CountAsync(BoardIsSecret, id)).ShouldBe(found is { Body.IsSecret: true } ? 1 : 0);
            if (found is { } board)
            {
                liveBoards.Add(id);
                if (board.Body.IsSecret)
                    secretBoards.Add(id);
                foreach (var cover in board.Body.Covers ?? [])
                    (pins.GetValueOrDefault(cover.Pin) is { IsSecret: false } pin && pin.Board == id)
                        .ShouldBeTrue($"{cover.Pin} covers {id}");
            }
            await HasExactlyAsync(BoardHasPins, id, pin => pin.Board == id);
            await HasExactlyAsync(BoardHasPublicPins, id, pin => pin.Board == id && !pin.IsSecret);
            if (!liveBoards.Contains(id))
                (await store.CountAsync(BoardHasSections, id)).ShouldBe(0);
        }
        foreach (var id in sections.Distinct())
        {
            if (await store.FindUncachedAsync(id, default) is { } section)
                liveSections.Add(id).ShouldBe(liveBoards.Contains(section.Body.Board), $"section {id}");
            await HasExactlyAsync(SectionHasPins, id, pin => pin.Section == id);
            await HasExactlyAsync(SectionHasPublicPins, id, pin => pin.Section == id && !pin.IsSecret);
        }
        await HasExactlyAsync(
            UserHasPublicPins, owner, pin => !pin.IsSecret && !secretBoards.Contains(pin.Board));
        foreach (var (id, pin) in pins)
        {
            liveBoards.ShouldContain(pin.Board, $"the board of {id}");
            (pin.Section.IsNone || liveSections.Contains(pin.Section)).ShouldBeTrue($"the section of {id}");
        }
        return pins;

        async Task HasExactlyAsync<TFrom>(Mapping<TFrom, Pin> list, ObjectId<TFrom> from, Func<Pin, bool> isIn)
            where TFrom : class
        {
            var there = new List<ObjectId<Pin>>();
            await foreach (var entry in store.EntriesAsync(list, from))
                there.Add(entry.To);
            there.ShouldBe(
                pins.Where(p => isIn(p.Value)).Select(p => p.Key), ignoreOrder: true, $"{list.Name} of {from}");
            (await store.CountAsync(list, from)).ShouldBe(there.Count, $"{list.Name} of {from}");
        }
    }
}
