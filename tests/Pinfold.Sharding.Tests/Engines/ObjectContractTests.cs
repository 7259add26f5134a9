using System.Text;
using Pinfold.Sharding.Engines;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Engines.StorageModel;

namespace Pinfold.Sharding.Tests.Engines;

/// <summary>What every engine does with objects.</summary>
public sealed class ObjectContractTests
{
    static readonly byte[] Body = """{"$v":1,"title":"Quince"}"""u8.ToArray();
    static readonly byte[] Other = """{"$v":1,"title":"Medlar"}"""u8.ToArray();

    [Theory, EveryEngine]
    public async Task ANewObjectIsReadAsWrittenInItsFirstVersion(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);

        var receipt = await shards.CommitAsync(new CreateObject(Pin.Type, 1, Body));

        receipt.ShouldBe(new CommitReceipt(1, 0));
        var row = (await shards.FindAsync(Pin.Type, 1)).ShouldNotBeNull();
        (row.Local, row.Version, row.Seq).ShouldBe((1, 1, 1));
        row.Body.ShouldBe(Body);
        (await shards.FindAsync(Board.Type, 1)).ShouldBeNull();
    }

    [Theory, EveryEngine]
    public async Task LocalIdsOfAllTypesAndTransactionsFollowOneAnother(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);

        var receipts = await shards.CommitAsync(
            shards.New(new CreateObject(Pin.Type, 1, Body), new CreateObject(Board.Type, 2, Body)),
            shards.New(),
            shards.New(
                new CreateObject(Board.Type, 1, Other), new CreateObject(Pin.Type, 2, Other),
                new CreateObject(Pin.Type, 3, Body)));
        var last = await shards.CommitAsync(new CreateObject(Pin.Type, 1, Other));

        receipts.ShouldBe([new(1, 0), new(2, 2), new(3, 2)]);
        last.ShouldBe(new CommitReceipt(4, 5));
        var pins = await shards.ReadAsync(new ObjectsRead(shards.Shard, Pin.Type, [1, 2, 3, 4, 5, 6]));
        pins.Rows.Select(r => r is null ? null : $"{r.Local}@{r.Seq}")
            .ShouldBe(["1@1", null, null, "4@3", "5@3", "6@4"]);
        var boards = await shards.ReadAsync(new ObjectsRead(shards.Shard, Board.Type, [3, 2, 3]));
        boards.Rows.Select(r => $"{r!.Local}@{r.Seq}").ShouldBe(["3@3", "2@1", "3@3"]);
        (await shards.ShardRowAsync(shards.Shard)).ShouldBe(new ShardRow(1, ShardState.Open, 4, 6));
    }

    [Theory, EveryEngine]
    public async Task NoObjectsAreAnsweredWhenNoneAreAskedFor(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);

        (await shards.ReadAsync(new ObjectsRead(shards.Shard, Pin.Type, []))).Rows.ShouldBeEmpty();
    }

    [Theory, EveryEngine]
    public async Task AnUpdateRaisesTheVersionAndCarriesItsJournalNumber(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        await shards.CommitAsync(new CreateObject(Pin.Type, 1, Body));

        await shards.CommitAsync(new UpdateObject(Pin.Type, 1, null, Other));
        await shards.CommitAsync(new UpdateObject(Pin.Type, 1, 2, Body));
        await shards.CommitAsync(new UpdateObject(Pin.Type, 1, 3, Body));

        var row = (await shards.FindAsync(Pin.Type, 1)).ShouldNotBeNull();
        (row.Version, row.Seq).ShouldBe((4, 4));
        row.Body.ShouldBe(Body);
    }

    [Theory, EveryEngine]
    public async Task AWriteThatExpectsAnotherVersionChangesNothing(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        await shards.CommitAsync(new CreateObject(Pin.Type, 1, Body));
        var before = await shards.DumpAsync(shards.Shard);

        (await TestShards.FailureOf(shards.CommitAsync(shards.New(
            new CreateObject(Pin.Type, 1, Body), new UpdateObject(Pin.Type, 1, 2, Other)))))
            .ShouldBe(CommitFailure.Precondition);
        (await TestShards.FailureOf(shards.CommitAsync(shards.New(new DeleteObject(Pin.Type, 1, 2, false)))))
            .ShouldBe(CommitFailure.Precondition);
        (await TestShards.FailureOf(shards.CommitAsync(shards.New(new DeleteObject(Pin.Type, 1, 2, true)))))
            .ShouldBe(CommitFailure.Precondition);

        (await shards.DumpAsync(shards.Shard)).ShouldBe(before);
    }

    [Theory, EveryEngine]
    public async Task AWriteToAMissingObjectChangesNothing(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        await shards.CommitAsync(new CreateObject(Pin.Type, 1, Body));
        var before = await shards.DumpAsync(shards.Shard);

        foreach (var operation in new WriteOperation[]
        {
            new UpdateObject(Pin.Type, 2, null, Other), new UpdateObject(Pin.Type, 2, 1, Other),
            new UpdateObject(Board.Type, 1, null, Other),
            new DeleteObject(Pin.Type, 2, null, false), new DeleteObject(Pin.Type, 2, null, true),
        })
            (await TestShards.FailureOf(
                shards.CommitAsync(shards.New(new UpdateObject(Pin.Type, 1, 1, Other), operation))))
                .ShouldBe(CommitFailure.Precondition, operation.ToString());

        (await shards.DumpAsync(shards.Shard)).ShouldBe(before);
    }

    [Theory, EveryEngine]
    public async Task ADeletedObjectIsHiddenAndItsBodyKeptUntilItIsErased(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        await shards.CommitAsync(new CreateObject(Pin.Type, 1, Body), new CreateObject(Pin.Type, 2, Body));

        await shards.CommitAsync(new DeleteObject(Pin.Type, 1, 1, false));
        (await shards.FindAsync(Pin.Type, 1)).ShouldBeNull();
        (await shards.SqlAsync(shards.Shard, "SELECT version,seq,state,body FROM objects WHERE local_id=1"))
            .ShouldBe([$"2|2|1|{Convert.ToHexString(Body)}"]);

        await shards.CommitAsync(new DeleteObject(Pin.Type, 1, 2, true), new DeleteObject(Pin.Type, 2, null, true));
        (await shards.SqlAsync(shards.Shard, "SELECT version,seq,state,body FROM objects ORDER BY local_id"))
            .ShouldBe(["3|3|2|7B7D", "2|3|2|7B7D"]);
    }

    [Theory, EveryEngine]
    public async Task AHiddenObjectIsNeitherUpdatedNorDeletedAndAnErasedOneNotErased(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        await shards.CommitAsync(new CreateObject(Pin.Type, 1, Body), new CreateObject(Pin.Type, 2, Body));
        await shards.CommitAsync(new DeleteObject(Pin.Type, 1, null, false), new DeleteObject(Pin.Type, 2, null, true));
        var before = await shards.DumpAsync(shards.Shard);

        foreach (var operation in new WriteOperation[]
        {
            new UpdateObject(Pin.Type, 1, null, Other), new DeleteObject(Pin.Type, 1, null, false),
            new DeleteObject(Pin.Type, 2, null, true),
        })
            (await TestShards.FailureOf(shards.CommitAsync(shards.New(operation))))
                .ShouldBe(CommitFailure.Precondition, operation.ToString());

        (await shards.DumpAsync(shards.Shard)).ShouldBe(before);
    }

    [Theory, EveryEngine]
    public async Task OperationsOnOneObjectAreDoneInOrder(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        await shards.CommitAsync(new CreateObject(Pin.Type, 1, Body));

        await shards.CommitAsync(
            shards.New(new UpdateObject(Pin.Type, 1, 1, Other), new UpdateObject(Pin.Type, 1, 2, Body)),
            shards.New(new UpdateObject(Pin.Type, 1, 3, Other)));

        var row = (await shards.FindAsync(Pin.Type, 1)).ShouldNotBeNull();
        (row.Version, row.Seq).ShouldBe((4, 3));
        row.Body.ShouldBe(Other);
    }

    [Theory, EveryEngine]
    public async Task EveryByteSurvivesInABody(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        byte[][] bodies =
        [
            [.. Enumerable.Range(0, 256).Select(i => (byte)i)],
            [.. Enumerable.Range(0, 256).Select(i => (byte)(255 - i))],
            [], [0], "'"u8.ToArray(), "\\"u8.ToArray(), "\\'\"`%_\0\u001a\r\n"u8.ToArray(), "🐿️ ünï"u8.ToArray(),
            Encoding.ASCII.GetBytes("'); DROP TABLE pins; -- ? @p1 :x"),
        ];

        await shards.CommitAsync([.. bodies.Select((b, i) => new CreateObject(Pin.Type, i + 1, b))]);
        await shards.CommitAsync([.. bodies.Select((b, i) => new UpdateObject(Pin.Type, i + 1, 1, bodies[^(i + 1)]))]);
        var read = await shards.ReadAsync(
            new ObjectsRead(shards.Shard, Pin.Type, [.. bodies.Select((_, i) => i + 1L)]));

        read.Rows.Select(r => Convert.ToHexString(r!.Body)).ShouldBe(bodies.Reverse().Select(Convert.ToHexString));
    }

    [Theory, EveryEngine]
    public async Task ABodyOfAMebibyteSurvives(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        var body = new byte[1 << 20];
        new Random(7).NextBytes(body);

        await shards.CommitAsync(new CreateObject(Pin.Type, 1, body), new CreateObject(Pin.Type, 2, body));

        (await shards.FindAsync(Pin.Type, 2)).ShouldNotBeNull().Body.AsSpan().SequenceEqual(body).ShouldBeTrue();
    }
}
