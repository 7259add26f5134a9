using Pinfold.Sharding.Engines;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Engines.StorageModel;

namespace Pinfold.Sharding.Tests.Engines;

/// <summary>What every engine does with the entries of mappings and their counts.</summary>
public sealed class MappingContractTests
{
    static readonly byte[] None = [];

    [Theory, EveryEngine]
    public async Task AnEntryIsReadBackFromItsListAndByItsPair(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        var (board, pin, far) =
            (BoardOf(shards, 1), PinOf(shards, 2), new ObjectId(new ShardId(65535), 1, ObjectId.LocalMax));
        var body = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();

        await shards.CommitAsync(
            new PutEntry(BoardHasPins, board, pin, long.MinValue, body),
            new PutEntry(BoardHasPins, board, far, long.MaxValue, None));

        var list = await shards.ListAsync(BoardHasPins, board);
        list.Select(e => (e.To, e.Sequence, Convert.ToHexString(e.Body)))
            .ShouldBe([(far, long.MaxValue, ""), (pin, long.MinValue, Convert.ToHexString(body))]);
        var pair = await shards.ReadAsync(new EntriesRead(shards.Shard, BoardHasPins, board, [PinOf(shards, 1), pin]));
        pair.Rows.ShouldHaveSingleItem().To.ShouldBe(pin);
        (await shards.ReadAsync(new EntriesRead(shards.Shard, BoardHasPins, board, []))).Rows.ShouldBeEmpty();
        (await shards.ListAsync(BoardHasPins, BoardOf(shards, 2))).ShouldBeEmpty();
        (await shards.ListAsync(BoardFollowsBoards, board)).ShouldBeEmpty();
    }

    [Theory, EveryEngine]
    public async Task CountsAreExactWhateverIsAddedChangedAndRemoved(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        var (board, one, two) = (BoardOf(shards, 1), PinOf(shards, 1), PinOf(shards, 2));
        Task<CommitReceipt> Put(ObjectId to, long sequence, params byte[] body) =>
            shards.CommitAsync(new PutEntry(BoardHasPins, board, to, sequence, body));
        Task<CommitReceipt> Remove(ObjectId to) => shards.CommitAsync(new RemoveEntry(BoardHasPins, board, to));
        var counts = new List<long> { await shards.CountAsync(BoardHasPins, board) };

        foreach (var step in new Func<Task>[]
        {
            () => Remove(one), () => Put(one, 1), () => Put(one, 1), () => Put(one, 2), () => Put(one, 2, 9),
            () => Put(two, 2),
            () => Remove(one), () => Remove(one), () => Put(one, 5), () => Remove(two), () => Remove(one),
        })
        {
            await step();
            counts.Add(await shards.CountAsync(BoardHasPins, board));
            counts[^1].ShouldBe((await shards.ListAsync(BoardHasPins, board)).Count);
        }

        counts.ShouldBe([0, 0, 1, 1, 1, 1, 2, 1, 1, 2, 1, 0]);
        (await shards.CountAsync(BoardFollowsBoards, board)).ShouldBe(0);
    }

    [Theory, EveryEngine]
    public async Task APairHasOneEntryWhichMovesWithItsSequence(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        var (board, one, two) = (BoardOf(shards, 1), PinOf(shards, 1), PinOf(shards, 2));
        await shards.CommitAsync(
            new PutEntry(BoardHasPins, board, one, 1, [1]), new PutEntry(BoardHasPins, board, two, 2, [2]));

        await shards.CommitAsync(
            new PutEntry(BoardHasPins, board, one, 3, [3]), new PutEntry(BoardHasPins, board, one, 4, [4]));

        (await shards.ListAsync(BoardHasPins, board)).Select(e => (e.To, e.Sequence, e.Body[0]))
            .ShouldBe([(one, 4, 4), (two, 2, 2)]);
        (await shards.CountAsync(BoardHasPins, board)).ShouldBe(2);
    }

    [Theory, EveryEngine]
    public async Task EntriesFromAndToNewObjectsGetTheIdsThatTheCommitHandsOut(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        IdOrNew New(ObjectType type, int ordinal) => new(default, shards.Shard, type.Number, ordinal);
        await shards.CommitAsync(new CreateObject(Board.Type, 1, None), new CreateObject(Pin.Type, 2, None));
        var (oldBoard, oldPin) = (BoardOf(shards, 1), PinOf(shards, 2));
        PendingTransaction BoardWithPins() => shards.New(
            new CreateObject(Board.Type, 1, None), new CreateObject(Pin.Type, 2, None),
            new CreateObject(Pin.Type, 3, None),
            new PutEntry(BoardHasPins, New(Board.Type, 1), New(Pin.Type, 2), 20, [2]),
            new PutEntry(BoardHasPins, New(Board.Type, 1), oldPin, 10, [1]),
            new PutEntry(BoardHasPins, New(Board.Type, 1), New(Pin.Type, 3), 30, [3]),
            new PutEntry(BoardHasPins, oldBoard, New(Pin.Type, 2), 20, [4]),
            new PutEntry(BoardFollowsBoards, New(Board.Type, 1), oldBoard, 1, None));

        var receipts = await shards.CommitAsync(BoardWithPins(), BoardWithPins());

        receipts.Select(r => r.LocalBase).ShouldBe([2, 5]);
        foreach (var local in receipts.Select(r => r.LocalBase))
        {
            var board = BoardOf(shards, local + 1);
            (await shards.ListAsync(BoardHasPins, board)).Select(e => (e.To, e.Sequence, e.Body[0])).ShouldBe(
                [(PinOf(shards, local + 3), 30, 3), (PinOf(shards, local + 2), 20, 2), (oldPin, 10, 1)]);
            (await shards.CountAsync(BoardHasPins, board)).ShouldBe(3);
            (await shards.ListAsync(BoardFollowsBoards, board)).ShouldHaveSingleItem().To.ShouldBe(oldBoard);
        }
        (await shards.ListAsync(BoardHasPins, oldBoard)).Select(e => e.To)
            .ShouldBe([PinOf(shards, 7), PinOf(shards, 4)]);
        (await shards.CountAsync(BoardHasPins, oldBoard)).ShouldBe(2);
        var journal = await shards.JournalAsync(shards.Shard);
        journal[2].Entries.Select(e => (e.Id, e.To)).ShouldBe(
        [
            (BoardOf(shards, 6), default), (PinOf(shards, 7), default), (PinOf(shards, 8), default),
            (BoardOf(shards, 6), PinOf(shards, 7)), (BoardOf(shards, 6), oldPin),
            (BoardOf(shards, 6), PinOf(shards, 8)),
            (oldBoard, PinOf(shards, 7)), (BoardOf(shards, 6), oldBoard),
        ]);
    }

    [Theory, EveryEngine]
    public async Task ANewObjectPutTwiceInAListIsThereOnceAsPutLast(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        var pin = new IdOrNew(default, shards.Shard, Pin.Type.Number, 1);
        var board = BoardOf(shards, 100);

        await shards.CommitAsync(
            new CreateObject(Pin.Type, 1, None), new PutEntry(BoardHasPins, board, pin, 1, [1]),
            new PutEntry(BoardHasPins, board, pin, 2, [2]));

        (await shards.ListAsync(BoardHasPins, board)).Select(e => (e.Sequence, e.Body[0])).ShouldBe([(2, 2)]);
        (await shards.CountAsync(BoardHasPins, board)).ShouldBe(1);
    }

    [Theory, EveryEngine]
    public async Task AnEntryThatWasPutBeforeItsObjectExistedIsChangedAndNotCountedTwice(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        var board = BoardOf(shards, 100);
        PutEntry Put(int ordinal, long sequence) =>
            new(BoardHasPins, board, new IdOrNew(default, shards.Shard, 1, ordinal), sequence, None);
        foreach (var early in new[] { 1, 2, 5 })
            await shards.CommitAsync(new PutEntry(BoardHasPins, board, PinOf(shards, early), 7, [7]));

        await shards.CommitAsync(new CreateObject(Pin.Type, 1, None), Put(1, 1));
        await shards.CommitAsync([
            .. Enumerable.Range(1, 4).Select(i => new CreateObject(Pin.Type, i, None)), Put(1, 2), Put(2, 3),
            Put(3, 4), Put(4, long.MaxValue - 1)]);

        (await shards.ListAsync(BoardHasPins, board)).Select(e => (e.To.Local, e.Sequence, e.Body.Length))
            .ShouldBe([(5, long.MaxValue - 1, 0), (4, 4, 0), (3, 3, 0), (2, 2, 0), (1, 1, 0)]);
        (await shards.CountAsync(BoardHasPins, board)).ShouldBe(5);
    }

    static ObjectId BoardOf(TestShards shards, long local) => new(shards.Shard, Board.Type.Number, local);

    static ObjectId PinOf(TestShards shards, long local) => new(shards.Shard, Pin.Type.Number, local);

    [Theory, EveryEngine]
    public async Task OfAListThatIsPutOnByItsNumberAndAsNewTheLastPutStands(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        var (guessed, pin) = (new ObjectId(shards.Shard, 2, 1), new ObjectId(shards.Shard, 1, 9));
        var made = new IdOrNew(default, shards.Shard, Board.Type.Number, 1);

        await shards.CommitAsync(
            shards.New(new PutEntry(BoardHasPins, guessed, pin, 1, [])),
            shards.New(new CreateObject(Board.Type, 1, []), new PutEntry(BoardHasPins, made, pin, 2, [])),
            shards.New(new PutEntry(BoardHasPins, guessed, pin, 3, [])));

        (await shards.ListAsync(BoardHasPins, guessed)).ShouldHaveSingleItem().Sequence.ShouldBe(3);
        (await shards.CountAsync(BoardHasPins, guessed)).ShouldBe(1);
    }
}
