using Microsoft.Extensions.Time.Testing;
using Pinfold.Sharding.Caching;
using Pinfold.Sharding.Caching.Memcached;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Caching.Memcached;

public sealed class MisbehavingServerTests
{
    static readonly string[] Keys = [.. Enumerable.Range(0, 40).Select(i => $"key{i}")];

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("VA 5 c1 O0\r\nhal")]
    [InlineData("VA 3 c1 O0\r\nlonger\r\n")]
    [InlineData("VA 3 c1\r\nabc\r\n")]
    [InlineData("VA 3 c1 O77\r\nabc\r\n")]
    [InlineData("ERROR\r\n")]
    [InlineData("CLIENT_ERROR bad command line format\r\n")]
    [InlineData("MN\r\n")]
    [InlineData("")]
    public async Task AnAnswerThatCannotBeTrustedIsAMissWithoutALease(string answer)
    {
        await using var fake = new FakeMemcached(_ => answer + FakeMemcached.HangUp);
        await using var ring = RingOf(fake);
        (await ring.ReadAsync("key")).ShouldBe(default);
        (await ring.ReadAsync("key")).ShouldBe(default);
    }

    [Fact]
    public async Task AServerThatHangsUpHalfWayLeavesNoCallerWaiting()
    {
        var hits = 0;
        await using var fake = new FakeMemcached(
            command => Interlocked.Increment(ref hits) % 7 == 0
                ? "VA 50 c1" + FakeMemcached.HangUp
                : FakeMemcached.HitFor(command));
        await using var ring = RingOf(fake);
        await Parallel.ForAsync(0, 100, Cancellation, async (i, cancellation) =>
        {
            foreach (var (read, key) in (await ring.ReadAsync(Keys, cancellation)).Zip(Keys))
            {
                if (read.State == CacheState.Hit)
                    read.Text().ShouldBe(key);
            }
        });
    }

    [Fact]
    public async Task AServerErrorIsTheMissOfItsOwnKeyOnly()
    {
        await using var fake = new FakeMemcached(command =>
            command.Contains("key3 ") ? "SERVER_ERROR out of memory\r\n" : FakeMemcached.HitFor(command));
        await using var ring = RingOf(fake);
        var reads = await ring.ReadAsync(Keys[..6], Cancellation);
        reads.Select(read => read.State).ShouldBe(
            [CacheState.Hit, CacheState.Hit, CacheState.Hit, CacheState.Miss, CacheState.Hit, CacheState.Hit]);
        ring.Status[0].IsAlive.ShouldBeTrue();
        ring.Status[0].Errors.ShouldBe(1);
    }

    [Fact]
    public async Task AStaleValueIsNeverAHit()
    {
        await using var fake = new FakeMemcached(command => FakeMemcached.HitFor(command)
            .Replace("c7", command.Contains("won") ? "c7 W X" : command.Contains("taken") ? "c7 Z X" : "c7 X"));
        await using var ring = RingOf(fake);
        var reads = await ring.ReadAsync(["won", "taken", "stale"], Cancellation);
        reads.Select(read => read.State).ShouldBe([CacheState.MissWithLease, CacheState.Pending, CacheState.Pending]);
        reads.ShouldAllBe(read => read.Value.IsEmpty);
    }

    [Fact]
    public async Task AServerThatHangsIsLeftAloneAfterItsTimeout()
    {
        await using var fake = new FakeMemcached(_ => new TaskCompletionSource<string>().Task);
        var time = new FakeTimeProvider();
        await using var ring = new MemcachedRing(Options(fake), time);
        var read = ring.ReadAsync("key");
        await UntilAskedAsync(fake, "mg key");
        time.Advance(Options(fake).OperationTimeout);
        (await read).ShouldBe(default);
        ring.Status[0].IsAlive.ShouldBeFalse();
        (await ring.ReadAsync("key")).ShouldBe(default);
    }

    [Fact]
    public async Task AnInvalidationThatAHangingServerDoesNotConfirmIsRememberedAndDeliveredBeforeItIsAskedAgain()
    {
        var wake = new TaskCompletionSource();
        await using var fake = new FakeMemcached(async command =>
        {
            await wake.Task;
            return command.StartsWith("md") ? $"HD {command.Split(' ')[^1]}\r\n" : FakeMemcached.HitFor(command);
        });
        var time = new FakeTimeProvider();
        await using var ring = new MemcachedRing(Options(fake), time);
        var invalidation = ring.InvalidateAsync("key");
        await UntilAskedAsync(fake, "md key");
        time.Advance(Options(fake).OperationTimeout);
        await invalidation;
        ring.Status[0].ShouldSatisfyAllConditions(
            status => status.IsAlive.ShouldBeFalse(), status => status.MissedInvalidations.ShouldBe(1));
        fake.Commands.Clear();
        wake.SetResult();
        time.Advance(Options(fake).ReturnPauseMax);
        while (!ring.Status[0].IsAlive)
            await Task.Delay(10, Cancellation);
        (await ring.ReadAsync("key")).Text().ShouldBe("key");
        var commands = fake.Commands.ToList();
        commands.FindIndex(command => command.StartsWith("md key"))
            .ShouldBeInRange(0, commands.FindIndex(command => command.StartsWith("mg key")));
    }

    [Fact]
    public async Task ACancelledCallerDoesNotDisturbTheOthersOnItsConnection()
    {
        var wake = new TaskCompletionSource();
        await using var fake = new FakeMemcached(async command =>
        {
            await wake.Task;
            return FakeMemcached.HitFor(command);
        });
        await using var ring = RingOf(fake);
        using var impatient = new CancellationTokenSource();
        var cancelled = ring.ReadAsync(["a", "b", "c"], impatient.Token).AsTask();
        var patient = ring.ReadAsync(["d", "e"], Cancellation).AsTask();
        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => cancelled);
        wake.SetResult();
        (await patient).Select(read => read.Text()).ShouldBe(["d", "e"]);
        (await ring.ReadAsync("f")).Text().ShouldBe("f");
        ring.Status[0].Errors.ShouldBe(0);
    }

    [Fact]
    public async Task WhatPassesTheInFlightLimitIsNotAsked()
    {
        var wake = new TaskCompletionSource();
        await using var fake = new FakeMemcached(async command =>
        {
            await wake.Task;
            return FakeMemcached.HitFor(command);
        });
        await using var ring = new MemcachedRing(Options(fake) with { InFlightCommandsMax = 3 });
        var admitted = ring.ReadAsync(["a", "b"], Cancellation).AsTask();
        await UntilAskedAsync(fake, "mg a");
        (await ring.ReadAsync(["c", "d"], Cancellation)).ShouldAllBe(read => read.State == CacheState.Miss);
        wake.SetResult();
        (await admitted).Select(read => read.Text()).ShouldBe(["a", "b"]);
    }

    static async Task UntilAskedAsync(FakeMemcached fake, string command)
    {
        while (!fake.Commands.Any(asked => asked.StartsWith(command, StringComparison.Ordinal)))
            await Task.Delay(5, Cancellation);
    }

    static MemcachedRing RingOf(FakeMemcached fake) => new(Options(fake));

    static MemcachedRingOptions Options(FakeMemcached fake) => new()
    {
        Servers = [fake.Address],
        ConnectionsPerServer = 1,
        ConnectTimeout = TimeSpan.FromSeconds(20),
        OperationTimeout = TimeSpan.FromSeconds(20),
    };
}
