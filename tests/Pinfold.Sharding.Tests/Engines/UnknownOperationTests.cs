using Pinfold.Sharding.Engines;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Engines.StorageModel;

namespace Pinfold.Sharding.Tests.Engines;

/// <summary>What an engine was not taught it refuses by name; it never does a part of what it was asked.</summary>
public sealed class UnknownOperationTests
{
    sealed record Untaught : WriteOperation;

    sealed class UntaughtRead(ShardId shard) : ShardRead(shard)
    {
        public override void Forget() => throw new NotSupportedException();
    }

    [Theory, EveryEngine]
    public async Task AWriteThatAnEngineDoesNotKnowIsRefusedAndNothingOfItsCommitIsDone(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        var before = await shards.DumpAsync(shards.Shard);

        var error = await Should.ThrowAsync<NotSupportedException>(() => shards.CommitAsync(
            shards.New(new CreateObject(Pin.Type, 1, [])), shards.New(new Untaught())));

        error.Message.ShouldContain(nameof(Untaught));
        (await shards.DumpAsync(shards.Shard)).ShouldBe(before);
        await shards.CommitAsync(new CreateObject(Pin.Type, 1, []));
    }

    [Theory, EveryEngine]
    public async Task AReadThatAnEngineDoesNotKnowIsRefused(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);

        var error = await Should.ThrowAsync<NotSupportedException>(
            () => shards.ReadAsync(new UntaughtRead(shards.Shard)));

        error.Message.ShouldContain(nameof(UntaughtRead));
    }

    /// <summary>Of every operation that there is, so that one that is added is not forgotten here.</summary>
    [Theory, EveryEngine]
    public async Task EveryEngineKnowsEveryWriteThatThereIs(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        var (board, pin) = (new ObjectId(shards.Shard, 2, 1), new ObjectId(shards.Shard, 1, 2));
        await shards.CommitAsync(new CreateObject(Board.Type, 1, []));
        WriteOperation[] operations =
        [
            new CreateObject(Pin.Type, 1, []), new UpdateObject(Board.Type, 1, null, []),
            new DeleteObject(Board.Type, 1, null, false), new PutEntry(BoardHasPins, board, pin, 1, []),
            new RemoveEntry(BoardHasPins, board, pin), new RequireObject(Board.Type, 1, null),
            new RequireAtMost(BoardHasPins, board, 0), new RequireEntry(BoardHasPins, board, pin, false),
            new ReverseEntry(BoardFollowedByBoards, board, board, true, 1, 1, DateTimeOffset.UnixEpoch),
            new RecountList(BoardHasPins, board),
            new ReserveName(1, [1], shards.Shard, new TransactionId(Guid.Empty), DateTimeOffset.UnixEpoch),
            new ConfirmName(1, [1], new TransactionId(Guid.Empty), board),
            new ReleaseName(1, [1], new TransactionId(Guid.Empty), board),
        ];

        await shards.CommitAsync(operations);

        operations.Select(o => o.GetType()).ShouldBe(
            typeof(WriteOperation).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(WriteOperation))),
            ignoreOrder: true);
    }
}
