using Pinfold.Sharding.Tests.Engines;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Store.StoreModel;

namespace Pinfold.Sharding.Tests.Store;

/// <summary>Lists as streams: everything once, in order, and no more pages than are consumed.</summary>
public sealed class ListTests
{
    [Theory, EveryEngine]
    public async Task AListIsStreamedFromEitherEndAcrossPages(string engine)
    {
        await using var test = await TestStore.StartAsync(engine);
        var (shelf, notes) = await FillAsync(test, test.Shard, 7);

        var newest = await ToListAsync(test.Store.EntriesAsync(ShelfHasNotes, shelf));
        var oldest = await ToListAsync(
            test.Store.EntriesAsync(ShelfHasNotes, shelf, new PageRequest(3) { NewestFirst = false }));
        var middle = await ToListAsync(
            test.Store.EntriesAsync(ShelfHasNotes, shelf, new PageRequest(2) { SequenceMin = 2, SequenceMax = 4 }));

        newest.Select(e => e.To).ShouldBe(notes.AsEnumerable().Reverse());
        oldest.Select(e => e.To).ShouldBe(notes);
        middle.Select(e => e.Sequence).ShouldBe([4, 3, 2]);
    }

    [Theory, EveryEngine]
    public async Task TheObjectsOfAListComeInItsOrderWithoutThoseThatAreGone(string engine)
    {
        await using var test = await TestStore.StartAsync(engine);
        var (shelf, notes) = await FillAsync(test, test.Shard, 5);
        var transaction = test.Store.Begin(test.Shard);
        transaction.Delete(notes[2]);
        await transaction.CommitAsync();

        var found = await ToListAsync(
            test.Store.ObjectsAsync(ShelfHasNotes, shelf, new PageRequest(2) { NewestFirst = false }));

        found.Select(note => note.Body.Title).ShouldBe(["note 0", "note 1", "note 3", "note 4"]);
        (await ToListAsync(test.Store.ObjectsAsync(NoteInShelves, notes[0]))).ShouldBeEmpty();
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task APageIsOneRoundTripTwoWithItsObjectsAndIsNotReadAhead(string engine)
    {
        await using var test = await TestStore.StartAsync(engine);
        var (shelf, _) = await FillAsync(test, test.Shard, 6);
        test.Proxy.ResetCounts();

        await foreach (var entry in test.Store.EntriesAsync(ShelfHasNotes, shelf, new PageRequest(2)))
            if (entry.Sequence == 3)
                break;
        test.Proxy.RoundTripCount.ShouldBe(2, "entries 5 and 4, and then 3 and 2");

        test.Proxy.ResetCounts();
        await ToListAsync(test.Store.ObjectsAsync(ShelfHasNotes, shelf, new PageRequest(3)));
        test.Proxy.RoundTripCount.ShouldBe(4, "two pages, and the objects of each");
    }

    [Fact]
    public async Task ACancelledStreamEnds()
    {
        await using var test = await TestStore.StartAsync(TestShards.Sqlite);
        var (shelf, _) = await FillAsync(test, test.Shard, 4);
        using var cancel = new CancellationTokenSource();
        var seen = 0;

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in test.Store.ObjectsAsync(ShelfHasNotes, shelf, new PageRequest(2))
                .WithCancellation(cancel.Token))
                if (++seen == 2)
                    await cancel.CancelAsync();
        });

        seen.ShouldBe(2);
    }

    static async Task<List<T>> ToListAsync<T>(IAsyncEnumerable<T> stream)
    {
        var list = new List<T>();
        await foreach (var item in stream)
            list.Add(item);
        return list;
    }
}
