using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Pinfold.Sharding.Caching;
using Pinfold.Sharding.Caching.Memcached;
using Pinfold.Sharding.Tests.Topology;
using Pinfold.Testing.Servers;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Caching.Memcached;

/// <summary>A server that is slow to accept, as on a busy machine, is not a dead one.</summary>
public sealed class SlowServerTests
{
    static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(20);
    static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    const int RoundsMax = 20_000;

    readonly FakeTimeProvider _time = new();
    readonly RecordingLogger<MemcachedRing> _log = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    IReadOnlyList<string> Deaths => _log.At(LogLevel.Warning);

    [Fact]
    public async Task OneSlowAcceptIsNotADeath()
    {
        await using var busy = await FakeMemcached.StartBusyAsync(FakeMemcached.HitFor);
        await using var ring = RingOf(busy.Address);

        var read = ring.ReadAsync("key");
        await PassUntilAsync(() => read.IsCompleted);
        (await read).ShouldBe(default);
        busy.Accept();
        await PassUntilAsync(() => ring.Status[0].IsAlive, step: TimeSpan.FromMilliseconds(10));

        (await ring.ReadAsync("key")).Text().ShouldBe("key");
        Deaths.ShouldBeEmpty();
    }

    [Fact]
    public async Task ThreeTimeoutsInARowAreADeathEachTwiceAsLongAsTheOneBefore()
    {
        await using var busy = await FakeMemcached.StartBusyAsync(FakeMemcached.HitFor);
        await using var ring = RingOf(busy.Address);
        var start = _time.GetTimestamp();

        var invalidation = ring.InvalidateAsync("key");
        await PassUntilAsync(() => ring.Status[0].Errors == 2);
        await invalidation;
        Deaths.ShouldBeEmpty();
        await PassUntilAsync(() => Deaths.Count > 0);

        Deaths.ShouldHaveSingleItem();
        _time.GetElapsedTime(start).ShouldBeGreaterThanOrEqualTo(ConnectTimeout * 7);
    }

    [Fact]
    public async Task OneRefusalIsADeath()
    {
        await using var ring = RingOf($"127.0.0.1:{LoopbackPort.FindFree()}");

        (await ring.ReadAsync("key")).ShouldBe(default);

        Deaths.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task AWriterWaitsForTheFirstAttemptAtASlowServerAndForNoLaterOne()
    {
        await using var busy = await FakeMemcached.StartBusyAsync(FakeMemcached.HitFor);
        await using var ring = RingOf(busy.Address);

        var first = ring.InvalidateAsync("key");
        await PassUntilAsync(() => first.IsCompleted);

        await ring.InvalidateAsync("another"); // no time passes: it would wait for ever
        ring.Status[0].MissedInvalidations.ShouldBe(2);
    }

    MemcachedRing RingOf(string server) => new(
        new MemcachedRingOptions
        {
            Servers = [server],
            ConnectionsPerServer = 1,
            ConnectTimeout = ConnectTimeout,
            OperationTimeout = TimeSpan.FromMinutes(1),
        }, _time, logger: _log);

    /// <summary>Lets time pass in small steps that give everything a turn, until the condition holds.</summary>
    async Task PassUntilAsync(Func<bool> holds, TimeSpan? step = null)
    {
        for (var rounds = 0; !holds(); rounds++)
        {
            rounds.ShouldBeLessThan(RoundsMax, $"{_time.GetUtcNow():T}");
            _time.Advance(step ?? Step);
            await Task.Delay(1, Cancellation);
        }
    }
}
