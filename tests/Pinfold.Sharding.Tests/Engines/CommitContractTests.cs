using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Store;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Engines.StorageModel;

namespace Pinfold.Sharding.Tests.Engines;

/// <summary>What every engine makes of a commit as a whole, and what its journal says.</summary>
public sealed class CommitContractTests
{
    static readonly byte[] Body = """{"$v":1}"""u8.ToArray();

    [Theory, EveryEngine]
    public async Task TheJournalIsGapFreeInOrderAndSaysWhatWasWritten(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        var (board, pin) = (new ObjectId(shards.Shard, 2, 1), new ObjectId(shards.Shard, 1, 2));
        PendingTransaction[] transactions =
        [
            shards.New(new CreateObject(Board.Type, 1, Body), new CreateObject(Pin.Type, 2, Body)),
            shards.New(new UpdateObject(Pin.Type, 2, 1, Body), new PutEntry(BoardHasPins, board, pin, -5, [])),
            shards.New(),
            shards.New(new RemoveEntry(BoardHasPins, board, pin), new DeleteObject(Pin.Type, 2, null, false)),
        ];

        await shards.CommitAsync(transactions[0], transactions[1]);
        await TestShards.FailureOf(shards.CommitAsync(shards.New(new UpdateObject(Pin.Type, 77, 1, Body))));
        await TestShards.FailureOf(shards.CommitAsync(epoch: 9, shards.New()));
        await shards.CommitAsync(transactions[2]);
        await shards.CommitAsync(transactions[3]);

        var journal = await shards.JournalAsync(shards.Shard);
        journal.Select(t => t.Seq).ShouldBe([1, 2, 3, 4]);
        journal.Select(t => t.Transaction).ShouldBe(transactions.Select(t => t.Id));
        journal.ShouldAllBe(t => t.At == transactions[0].At && t.Shard == shards.Shard);
        journal.SelectMany(t => t.Entries).ShouldBe(
        [
            new JournalEntry(JournalEntryKind.Created, board), new JournalEntry(JournalEntryKind.Created, pin),
            new JournalEntry(JournalEntryKind.Updated, pin),
            new JournalEntry(JournalEntryKind.Mapped, board, BoardHasPins.Number, pin, -5),
            new JournalEntry(JournalEntryKind.Unmapped, board, BoardHasPins.Number, pin),
            new JournalEntry(JournalEntryKind.Deleted, pin),
        ]);
        (await shards.ReadAsync(new JournalRead(shards.Shard, 1, 2))).Rows.Select(r => r.Seq).ShouldBe([2, 3]);
        (await shards.ReadAsync(new JournalRead(shards.Shard, 4, 2))).Rows.ShouldBeEmpty();
    }

    [Theory, EveryEngine]
    public async Task OneTransactionThatFailsTakesAllOfItsCommitWithIt(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        var before = await shards.DumpAsync(shards.Shard);

        (await TestShards.FailureOf(shards.CommitAsync(
            shards.New(new CreateObject(Pin.Type, 1, Body)), shards.New(new UpdateObject(Pin.Type, 50, null, Body)),
            shards.New())))
            .ShouldBe(CommitFailure.Precondition);

        (await shards.DumpAsync(shards.Shard)).ShouldBe(before);
    }

    [Theory, EveryEngine]
    public async Task ATransactionIdCommitsOnceAndItsReceiptIsFound(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        var name = new ReserveName(1, "ada"u8.ToArray(), shards.Shard, new TransactionId(Guid.Empty),
            DateTimeOffset.UnixEpoch);
        await shards.CommitAsync(new CreateObject(Pin.Type, 1, Body));
        PendingTransaction[] once =
        [
            shards.New(new CreateObject(Pin.Type, 1, Body)), shards.New(new UpdateObject(Pin.Type, 1, 1, Body)),
            shards.New(name), shards.New(new DeleteObject(Pin.Type, 1, null, true)),
        ];
        var receipts = new List<CommitReceipt>();
        foreach (var transaction in once)
            receipts.AddRange(await shards.CommitAsync(transaction));
        var before = await shards.DumpAsync(shards.Shard);

        foreach (var (transaction, receipt) in once.Zip(receipts))
        {
            (await TestShards.FailureOf(shards.CommitAsync(transaction))).ShouldBe(CommitFailure.AlreadyCommitted);
            (await TestShards.FailureOf(
                shards.CommitAsync(shards.New(new CreateObject(Pin.Type, 1, Body)), transaction)))
                .ShouldBe(CommitFailure.AlreadyCommitted);
            (await shards.ReadAsync(new TransactionRead(shards.Shard, transaction.Id))).Receipt.ShouldBe(receipt);
        }

        (await shards.ReadAsync(
            new TransactionRead(shards.Shard, new TransactionId(Guid.NewGuid())))).Receipt.ShouldBeNull();
        (await shards.DumpAsync(shards.Shard)).ShouldBe(before);
    }

    [Theory, EveryEngine]
    public async Task ConcurrentWritersOfOneShardGetNumbersWithoutGapsOrDoubles(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);

        var receipts = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() =>
            shards.CommitAsync(shards.New(new CreateObject(Pin.Type, 1, Body)),
                shards.New(new CreateObject(Pin.Type, 1, Body))))));

        receipts.SelectMany(r => r).Select(r => r.Seq).Order().ShouldBe(Enumerable.Range(1, 80).Select(i => (long)i));
        receipts.SelectMany(r => r).Select(r => r.LocalBase).Order()
            .ShouldBe(Enumerable.Range(0, 80).Select(i => (long)i));
        (await shards.JournalAsync(shards.Shard)).SelectMany(t => t.Entries).Select(e => e.Id.Local).Order()
            .ShouldBe(Enumerable.Range(1, 80).Select(i => (long)i));
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task OneCommitSpansShardsAndEachKeepsItsOwnNumbers(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine, count: 3);
        await shards.CommitAsync(new CreateObject(Pin.Type, 1, Body));

        var receipts = await shards.CommitAsync([
            .. shards.Shards.SelectMany(s => new[]
            {
                TestShards.NewOn(s, new CreateObject(Pin.Type, 1, Body)),
                TestShards.NewOn(s, new UpdateObject(Pin.Type, 1, null, []), new CreateObject(Pin.Type, 1, Body)),
            }).Skip(1)]);

        receipts.ShouldBe([new(2, 1), new(1, 0), new(2, 1), new(1, 0), new(2, 1)]);
        foreach (var shard in shards.Shards)
            (await shards.ReadAsync(new ObjectsRead(shard, Pin.Type, [1]))).Rows[0]
                .ShouldNotBeNull().Version.ShouldBe(2);
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task OneShardThatRefusesTakesTheCommitsOfAllShardsWithIt(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine, count: 3);
        var name = new ReserveName(1, [1], shards.Shard, new TransactionId(Guid.Empty), DateTimeOffset.UnixEpoch);
        await shards.CommitAsync(TestShards.NewOn(shards.Shards[2], name));
        var used = TestShards.NewOn(shards.Shards[1]);
        await shards.CommitAsync(used);
        var before = await DumpAllAsync(shards);

        foreach (var (failure, culprit) in new (CommitFailure, PendingTransaction)[]
        {
            (CommitFailure.Precondition, TestShards.NewOn(shards.Shards[2], new UpdateObject(Pin.Type, 9, null, Body))),
            (CommitFailure.NameTaken, TestShards.NewOn(shards.Shards[2], name)),
            (CommitFailure.AlreadyCommitted, used),
        })
        {
            (await TestShards.FailureOf(shards.CommitAsync([
                .. shards.Shards.Select(s => TestShards.NewOn(s, new CreateObject(Pin.Type, 1, Body))), culprit])))
                .ShouldBe(failure);
            (await DumpAllAsync(shards)).ShouldBe(before);
        }
        foreach (var (barrier, sql) in FenceContractTests.Barriers)
        {
            await shards.SqlAsync(shards.Shards[2], "DELETE FROM shard");
            await shards.SqlAsync(shards.Shards[2], $"INSERT INTO shard VALUES ({shards.Shards[2]},1,1,1,0,2)");
            await shards.SqlAsync(shards.Shards[2], sql);
            before = await DumpAllAsync(shards);
            (await TestShards.FailureOf(shards.CommitAsync([
                .. shards.Shards.Select(s => TestShards.NewOn(
                    s, new CreateObject(Pin.Type, 1, Body), new CreateObject(Pin.Type, 2, Body)))])))
                .ShouldBe(CommitFailure.Fenced, barrier);
            (await DumpAllAsync(shards)).ShouldBe(before, barrier);
        }
    }

    [Theory, EveryEngine]
    public async Task AShardIsMadeOnceAndLeftAsItIs(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine, count: 2);
        await shards.CommitAsync(new CreateObject(Pin.Type, 1, Body));
        var before = await shards.DumpAsync(shards.Shard);

        await shards.Server.CreateShardAsync(shards.Shard, epoch: 7, default);

        (await shards.DumpAsync(shards.Shard)).ShouldBe(before);
        (await shards.ShardRowAsync(shards.Shard)).ShouldBe(new ShardRow(1, ShardState.Open, 1, 1));
        (await shards.Server.ListShardsAsync(default)).Intersect(shards.Shards).Order().ShouldBe(shards.Shards);
    }

    [Theory, EveryEngine]
    public async Task ReadsOfManyShardsAreEachAnsweredFromTheirOwn(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine, count: 5);
        for (var i = 0; i < 5; i++)
            await shards.CommitAsync(TestShards.NewOn(shards.Shards[i], new CreateObject(Pin.Type, 1, [(byte)i])));
        ShardRead[] reads =
        [
            .. Enumerable.Range(0, 20).Select(i => new ObjectsRead(shards.Shards[i * 3 % 5], Pin.Type, [1, 2])),
            .. shards.Shards.Select(s => new JournalRead(s, 0, 10)),
        ];

        await shards.Server.ReadAsync(reads, default);

        reads.OfType<ObjectsRead>()
            .ShouldAllBe(r => r.Rows[1] == null && r.Rows[0]!.Body[0] == shards.Shards.IndexOf(r.Shard));
        reads.OfType<JournalRead>().ShouldAllBe(r => r.Rows.Count == 1);
        var missing = await Should.ThrowAsync<PinfoldException>(async () =>
            await shards.Server.ReadAsync([reads[0], new ObjectsRead(new ShardId(39_998), Pin.Type, [1])], default));
        missing.Kind.ShouldBe(ErrorKind.Unavailable);
        await shards.Server.ReadAsync([], default);
    }

    static async Task<string> DumpAllAsync(TestShards shards)
    {
        var dumps = new List<string>();
        foreach (var shard in shards.Shards)
            dumps.Add(await shards.DumpAsync(shard));
        return string.Join("\n\n", dumps);
    }
}
