using System.Data.Common;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Tests.Store;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Engines.StorageModel;

namespace Pinfold.Sharding.Tests.Engines;

/// <summary>What every engine does with the conditions of a transaction.</summary>
public sealed class ConditionContractTests
{
    static readonly byte[] Body = """{"$v":1}"""u8.ToArray();

    static CreateObject NewPin => new(Pin.Type, 1, Body);

    [Theory, EveryEngine]
    public async Task AnObjectThatIsRequiredHasToLiveInTheVersionThatIsExpected(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        await shards.CommitAsync(
            NewPin, new CreateObject(Pin.Type, 2, Body), new CreateObject(Pin.Type, 3, Body));
        await shards.CommitAsync(
            new UpdateObject(Pin.Type, 1, 1, Body), new DeleteObject(Pin.Type, 2, null, false),
            new DeleteObject(Pin.Type, 3, null, true));
        var before = await shards.DumpAsync(shards.Shard);

        foreach (var refused in new RequireObject[]
        {
            new(Pin.Type, 4, null), new(Board.Type, 1, null), new(Pin.Type, 2, null), new(Pin.Type, 2, 2),
            new(Pin.Type, 3, null), new(Pin.Type, 1, 1), new(Pin.Type, 1, 3),
        })
            (await TestShards.FailureOf(shards.CommitAsync(shards.New(NewPin, refused))))
                .ShouldBe(CommitFailure.Precondition, refused.ToString());
        (await shards.DumpAsync(shards.Shard)).ShouldBe(before);

        await shards.CommitAsync(NewPin, new RequireObject(Pin.Type, 1, null), new RequireObject(Pin.Type, 1, 2));
        var row = (await shards.FindAsync(Pin.Type, 1)).ShouldNotBeNull();
        (row.Version, row.Seq).ShouldBe((2, 2), "a condition writes nothing");
    }

    [Theory, EveryEngine]
    public async Task AListThatIsRequiredToBeEmptyHasNoEntryWhateverItHad(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        var (board, pin) = (new ObjectId(shards.Shard, 2, 1), new ObjectId(shards.Shard, 1, 2));
        var isEmpty = new RequireAtMost(BoardHasPins, board, 0);
        await shards.CommitAsync(NewPin, isEmpty);
        await shards.CommitAsync(new PutEntry(BoardHasPins, board, pin, 0, []),
            new PutEntry(BoardFollowsBoards, board, board, 0, []));
        var before = await shards.DumpAsync(shards.Shard);

        (await TestShards.FailureOf(shards.CommitAsync(shards.New(NewPin, isEmpty))))
            .ShouldBe(CommitFailure.Precondition);
        (await shards.DumpAsync(shards.Shard)).ShouldBe(before);

        await shards.CommitAsync(new RequireAtMost(BoardHasPins, new ObjectId(shards.Shard, 2, 9), 0), NewPin);
        await shards.CommitAsync(new RemoveEntry(BoardHasPins, board, pin));
        await shards.CommitAsync(NewPin, isEmpty);
    }

    [Theory, EveryEngine]
    public async Task AListMayBeRequiredToHaveAtMostSoManyEntries(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        var board = new ObjectId(shards.Shard, 2, 1);
        foreach (var local in new[] { 1, 2 })
            await shards.CommitAsync(
                new PutEntry(BoardHasPins, board, new ObjectId(shards.Shard, 1, local), 0, []),
                new RequireAtMost(BoardHasPins, board, 1));

        (await TestShards.FailureOf(shards.CommitAsync(shards.New(
            new PutEntry(BoardHasPins, board, new ObjectId(shards.Shard, 1, 3), 0, []),
            new RequireAtMost(BoardHasPins, board, 1))))).ShouldBe(CommitFailure.Precondition);
        (await shards.CountAsync(BoardHasPins, board)).ShouldBe(2);
    }

    [Theory, EveryEngine]
    public async Task APairMayBeRequiredToHaveAnEntryOrNone(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        var (board, pin, far) =
            (new ObjectId(shards.Shard, 2, 1), new ObjectId(shards.Shard, 1, 2), new ObjectId(new ShardId(7), 1, 3));
        RequireEntry Pair(ObjectId to, bool isThere, long? sequence = null) =>
            new(BoardHasPins, board, to, isThere, sequence);
        await shards.CommitAsync(
            new PutEntry(BoardHasPins, board, far, 5, []), Pair(far, isThere: false), Pair(pin, isThere: false));
        var before = await shards.DumpAsync(shards.Shard);

        foreach (var refused in new[]
            {
                Pair(far, isThere: false), Pair(pin, isThere: true), Pair(far, isThere: true, sequence: 6),
                Pair(pin, isThere: true, sequence: 0),
            })
            (await TestShards.FailureOf(shards.CommitAsync(shards.New(NewPin, refused))))
                .ShouldBe(CommitFailure.Precondition, refused.ToString());
        (await shards.DumpAsync(shards.Shard)).ShouldBe(before);
        await shards.CommitAsync(NewPin, Pair(far, isThere: true, sequence: 5));
        await shards.CommitAsync(
            new RemoveEntry(BoardHasPins, board, far), Pair(far, isThere: true), Pair(pin, isThere: false));
        await shards.CommitAsync(NewPin, Pair(far, isThere: false));
    }

    [Theory, EveryEngine]
    public async Task ConditionsAreOfBeforeTheTransactionWhateverTheirOrder(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        var (board, pin) = (new ObjectId(shards.Shard, 2, 1), new ObjectId(shards.Shard, 1, 2));
        await shards.CommitAsync(new CreateObject(Board.Type, 1, Body));

        await shards.CommitAsync(
            new PutEntry(BoardHasPins, board, pin, 5, []), new RequireAtMost(BoardHasPins, board, 0),
            new UpdateObject(Board.Type, 1, 1, Body), new RequireObject(Board.Type, 1, 1));
        (await TestShards.FailureOf(shards.CommitAsync(shards.New(
            new RequireAtMost(BoardHasPins, board, 0), new RemoveEntry(BoardHasPins, board, pin)))))
            .ShouldBe(CommitFailure.Precondition);
        await shards.CommitAsync(
            new DeleteObject(Board.Type, 1, null, true), new RequireObject(Board.Type, 1, 2),
            new RemoveEntry(BoardHasPins, board, pin));

        (await shards.CountAsync(BoardHasPins, board)).ShouldBe(0);
        (await shards.FindAsync(Board.Type, 1)).ShouldBeNull();
    }

    [Theory, EveryEngine]
    public async Task AConditionSeesWhatEarlierTransactionsOfItsCommitDo(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        var (board, pin) = (new ObjectId(shards.Shard, 2, 1), new ObjectId(shards.Shard, 1, 2));
        var put = new PutEntry(BoardHasPins, board, pin, 5, []);
        await shards.CommitAsync(new CreateObject(Board.Type, 1, Body));

        foreach (var (first, then) in new (WriteOperation, WriteOperation)[]
        {
            (new DeleteObject(Board.Type, 1, null, false), new RequireObject(Board.Type, 1, null)),
            (new UpdateObject(Board.Type, 1, null, Body), new RequireObject(Board.Type, 1, 1)),
            (put, new RequireAtMost(BoardHasPins, board, 0)),
        })
            (await TestShards.FailureOf(shards.CommitAsync(shards.New(first), shards.New(NewPin, then))))
                .ShouldBe(CommitFailure.Precondition, then.ToString());

        await shards.CommitAsync(
            shards.New(new UpdateObject(Board.Type, 1, 1, Body)),
            shards.New(NewPin, new RequireObject(Board.Type, 1, 2)),
            shards.New(put),
            shards.New(new RemoveEntry(BoardHasPins, board, pin)),
            shards.New(put, new RequireAtMost(BoardHasPins, board, 0)));
        (await shards.CountAsync(BoardHasPins, board)).ShouldBe(1);
    }

    /// <summary>
    /// The commit has begun, on its first shard, before the other process; on the second it waits for that one, and
    /// then has to see what it did.
    /// </summary>
    [Theory, EveryEngine(IsServer = true)]
    public async Task AConditionOfALaterShardSeesWhatWasCommittedSinceTheCommitBegan(string engine)
    {
        await using var test = await TestStore.StartAsync(engine, new() { Shards = 2 });
        var (shelf, note) = (StoreModel.Shelf.Type, StoreModel.Note.Type);
        var list = new ObjectId(test.Shards[1], shelf.Number, 1);
        var server = (await test.ServerAsync(test.Shard)).Server;
        await CommitAsync(TestShards.NewOn(test.Shards[1], new CreateObject(shelf, 1, Body)));
        foreach (var (sql, condition) in new (string, WriteOperation)[]
        {
            ("INSERT INTO entries VALUES(1,$,7,8,NULL,''),(1,$,0,0,1,'')",
                new RequireAtMost(StoreModel.ShelfHasNotes, list, 0)),
            ("UPDATE objects SET state=1", new RequireObject(shelf, 1, null)),
        })
        {
            Task<CommitReceipt[]> committing;
            var other = (DbConnection)await test.HoldAsync(test.Shards[1]);
            await using (other)
            {
                committing = CommitAsync(
                    TestShards.NewOn(test.Shards[0], new CreateObject(note, 1, Body)),
                    TestShards.NewOn(test.Shards[1], new CreateObject(note, 1, Body), condition));
                await test.WaitsForLockAsync(test.Shards[1]);
                await using var command = other.CreateCommand();
                command.CommandText = sql.Replace("$", $"{list.Value}", StringComparison.Ordinal) + ";COMMIT";
                await command.ExecuteNonQueryAsync();
            }
            (await TestShards.FailureOf(committing)).ShouldBe(CommitFailure.Precondition, condition.ToString());
        }

        async Task<CommitReceipt[]> CommitAsync(params PendingTransaction[] transactions) =>
            await server.CommitAsync([.. transactions.Select(t => new ShardCommit(t.Shard, 1, [t]))], default);
    }
}
