using Microsoft.Extensions.Time.Testing;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Reads;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Tests.Engines;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Reads;

/// <summary>Reads that wait for one server: who shares a round trip, who waits no longer, who is refused.</summary>
public sealed class ReadQueueTests
{
    static readonly ReadLimits OneLane = ReadLimits.Default with { Lanes = 1, LanesAtOnce = 1 };

    readonly HeldServer _server = new();
    readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task WhileFewAreUnderWayAReadGoesAtOnceAndAlone()
    {
        var queue = NewQueue(ReadLimits.Default with { LanesAtOnce = 2 });

        var (first, second) = (Read(queue, 1), Read(queue, 2));

        (await _server.TripAsync(0)).Shards.ShouldBe([1]);
        (await _server.TripAsync(1)).Shards.ShouldBe([2]);
        (await _server.TripAsync(0)).Answer();
        (await _server.TripAsync(1)).Answer();
        (await first).ShouldBe(101);
        (await second).ShouldBe(102);
    }

    [Fact]
    public async Task ThoseThatWaitShareTheNextRoundTripAndEachHasItsOwnAnswer()
    {
        var queue = NewQueue(OneLane);
        var first = Read(queue, 1);
        var waiting = Enumerable.Range(2, 5).Select(shard => Read(queue, shard)).ToList();
        (await _server.TripAsync(0)).Answer();

        var shared = await _server.TripAsync(1);
        shared.Shards.ShouldBe([2, 3, 4, 5, 6]);
        shared.Answer();

        (await first).ShouldBe(101);
        (await Task.WhenAll(waiting)).ShouldBe([102L, 103, 104, 105, 106]);
        _server.TripCount.ShouldBe(2);
    }

    [Fact]
    public async Task ARoundTripCarriesNoMoreThanItsLimitAndTheRestTheNext()
    {
        var queue = NewQueue(OneLane with { ReadsMax = 4 });
        _ = Read(queue, 1);
        var waiting = Enumerable.Range(2, 6).Select(shard => Read(queue, shard)).ToList();
        (await _server.TripAsync(0)).Answer();
        (await _server.TripAsync(1)).Answer();
        (await _server.TripAsync(2)).Answer();

        await Task.WhenAll(waiting);

        (await _server.TripAsync(1)).Shards.ShouldBe([2, 3, 4, 5]);
        (await _server.TripAsync(2)).Shards.ShouldBe([6, 7]);
    }

    [Fact]
    public async Task ALargeReadWaitsForNobody()
    {
        var queue = NewQueue(OneLane);
        _ = Read(queue, 1);

        _ = queue.ReadAsync([.. Enumerable.Range(2, 17).Select(Question)], CancellationToken.None);

        (await _server.TripAsync(1)).Shards.Count.ShouldBe(17);
    }

    [Fact]
    public async Task OfReadsThatFailTogetherEachIsTriedAloneAndOnlyTheOneAtFaultFails()
    {
        var queue = NewQueue(OneLane);
        _ = Read(queue, 1);
        var (bad, good) = (Read(queue, 2), Read(queue, 3));
        (await _server.TripAsync(0)).Answer();
        (await _server.TripAsync(1)).Fail(new PinfoldException(ErrorKind.Unavailable, "one of them"));

        HeldServer.Trip[] alone = [await _server.TripAsync(2), await _server.TripAsync(3)];
        alone.Single(trip => trip.Shards is [2]).Fail(new PinfoldException(ErrorKind.Corrupt, "this one"));
        alone.Single(trip => trip.Shards is [3]).Answer();

        (await Should.ThrowAsync<PinfoldException>(() => bad)).Message.ShouldBe("this one");
        (await good).ShouldBe(103);
    }

    [Fact]
    public async Task ASharedRoundTripThatTakesTooLongIsNotTriedAloneAndEachIsToldOfItsOwnShard()
    {
        var queue = NewQueue(OneLane);
        _ = Read(queue, 1);
        var (one, other) = (Read(queue, 2), Read(queue, 3));
        (await _server.TripAsync(0)).Answer();
        (await _server.TripAsync(1)).Fail(new PinfoldException(ErrorKind.DeadlineExceeded, "2 shards"));

        var (first, second) = (await Should.ThrowAsync<PinfoldException>(() => one),
            await Should.ThrowAsync<PinfoldException>(() => other));

        (first.Kind, first.Shard).ShouldBe((ErrorKind.DeadlineExceeded, new ShardId(2)));
        (second.Kind, second.Shard).ShouldBe((ErrorKind.DeadlineExceeded, new ShardId(3)));
        _server.TripCount.ShouldBe(2);
    }

    [Fact]
    public async Task BehindASlowReadAnotherLaneOpensWhenPatienceIsOver()
    {
        var limits = ReadLimits.Default with { LanesAtOnce = 1 };
        var queue = NewQueue(limits);
        _ = Read(queue, 1);
        var waiting = Read(queue, 2);

        _time.Advance(limits.Patience - TimeSpan.FromTicks(1));
        _server.TripCount.ShouldBe(1);
        queue.WaitingCount.ShouldBe(1);
        _time.Advance(TimeSpan.FromTicks(1));

        (await _server.TripAsync(1)).Answer();
        (await waiting).ShouldBe(102);
    }

    [Fact]
    public async Task PatienceOpensNoMoreLanesThanThereAre()
    {
        var limits = ReadLimits.Default with { Lanes = 2, LanesAtOnce = 1 };
        var queue = NewQueue(limits);
        _ = Read(queue, 1);
        _ = Read(queue, 2);
        _time.Advance(limits.Patience);
        await _server.TripAsync(1);
        _ = Read(queue, 3);

        _time.Advance(limits.Patience * 10);

        queue.WaitingCount.ShouldBe(1);
        (await _server.TripAsync(0)).Answer();
        (await _server.TripAsync(2)).Shards.ShouldBe([3]);
    }

    [Fact]
    public async Task AQueueThatIsFullRefusesOneMoreAndLosesNone()
    {
        var queue = NewQueue(OneLane with { WaitingMax = 2 });
        _ = Read(queue, 1);
        Task<long>[] waiting = [Read(queue, 2), Read(queue, 3)];

        var error = await Should.ThrowAsync<PinfoldException>(() => Read(queue, 4));

        (error.Kind, error.Shard).ShouldBe((ErrorKind.LimitExceeded, new ShardId(4)));
        error.Message.ShouldBe("2 reads wait for server held already; try again later.");
        (await _server.TripAsync(0)).Answer();
        (await _server.TripAsync(1)).Answer();
        (await Task.WhenAll(waiting)).ShouldBe([102L, 103]);
    }

    [Fact]
    public async Task AReadThatIsCancelledWhileItWaitsIsNotSentAndMakesRoomForAnother()
    {
        var queue = NewQueue(OneLane with { WaitingMax = 2 });
        using var cancel = new CancellationTokenSource();
        _ = Read(queue, 1);
        var (cancelled, stays) = (Read(queue, 2, cancel.Token), Read(queue, 3));
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => cancelled);

        var next = Read(queue, 4);
        (await _server.TripAsync(0)).Answer();
        (await _server.TripAsync(1)).Shards.ShouldBe([3, 4]);
        (await _server.TripAsync(1)).Answer();

        (await stays).ShouldBe(103);
        (await next).ShouldBe(104);
    }

    [Fact]
    public async Task AReadThatIsCancelledUnderWayLeavesAtOnceAndItsQuestionStaysAsItWas()
    {
        var queue = NewQueue(OneLane);
        using var cancel = new CancellationTokenSource();
        _ = Read(queue, 1);
        var question = Question(2);
        var cancelled = queue.ReadAsync([question], cancel.Token).AsTask();
        var neighbour = Read(queue, 3);
        (await _server.TripAsync(0)).Answer();
        var shared = await _server.TripAsync(1);

        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => cancelled);
        shared.Answer();

        (await neighbour).ShouldBe(103);
        question.Count.ShouldBe(0);
    }

    [Fact]
    public async Task AReadThatWaitedTooLongIsToldSoAndNotSent()
    {
        var queue = NewQueue(OneLane);
        _ = Read(queue, 1);
        var late = Read(queue, 2);
        _time.Advance(OneLane.Deadline);
        var inTime = Read(queue, 3);
        (await _server.TripAsync(0)).Answer();
        (await _server.TripAsync(1)).Answer();

        (await inTime).ShouldBe(103);
        var error = await Should.ThrowAsync<PinfoldException>(() => late);
        (error.Kind, error.Shard).ShouldBe((ErrorKind.DeadlineExceeded, new ShardId(2)));
        (await _server.TripAsync(1)).Shards.ShouldBe([3]);
    }

    ReadQueue NewQueue(ReadLimits limits) => new(_server, limits, _time);

    static async Task<long> Read(ReadQueue queue, int shard, CancellationToken cancellation = default)
    {
        var question = Question(shard);
        await queue.ReadAsync([question], cancellation);
        return question.Count;
    }

    static CountRead Question(int shard) =>
        new(new ShardId(shard), StorageModel.BoardHasPins, new ObjectId(new ShardId(shard), 2, 1));
}
