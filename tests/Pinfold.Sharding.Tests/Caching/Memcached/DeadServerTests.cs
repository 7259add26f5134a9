using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using Pinfold.Sharding.Caching;
using Pinfold.Sharding.Caching.Memcached;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Caching.Memcached;

/// <summary>Each test has servers of its own, to kill them.</summary>
public sealed class DeadServerTests : IAsyncLifetime
{
    readonly TwoMemcachedServers _servers = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _servers.InitializeAsync();

    public ValueTask DisposeAsync() => _servers.DisposeAsync();

    [Fact]
    public async Task TheKeysOfADeadServerGoToTheirStandInWithAShortLife()
    {
        await using var ring = new MemcachedRing(_servers.Options);
        var key = KeyOfTheFirst();
        await ring.StoreAsync(key, "on the owner");
        await _servers.First.KillAsync();
        await UntilAsync(ring, isAlive: false);
        await ring.StoreAsync(key, "on the stand-in");
        (await ring.ReadAsync(key)).Text().ShouldBe("on the stand-in");
        (await _servers.Second.AskAsync($"mg {key} t")).ShouldBeOneOf("HD t10", "HD t9", "HD t8");
    }

    [Fact]
    public async Task AServerThatRestartsIsAskedAgain()
    {
        await using var ring = new MemcachedRing(_servers.Options);
        var key = KeyOfTheFirst();
        await ring.StoreAsync(key, "before");
        await _servers.First.KillAsync();
        await UntilAsync(ring, isAlive: false);
        await _servers.First.RestartAsync();
        await UntilAsync(ring, isAlive: true);
        await ring.StoreAsync(key, "after");
        (await _servers.First.AskAsync($"mg {key} s")).ShouldBe("HD s5");
    }

    [Fact]
    public async Task ALeaseOfBeforeARestartFillsNothingThoughItsNumberIsGivenAgain()
    {
        await using var ring = new MemcachedRing(_servers.Options);
        var key = KeyOfTheFirst();
        var old = await ring.ReadAsync(key);
        await _servers.First.KillAsync();
        await UntilAsync(ring, isAlive: false);
        await _servers.First.RestartAsync();
        await UntilAsync(ring, isAlive: true);
        var renewed = await ring.ReadAsync(key);
        CacheLease.Unpack(renewed.Lease).Cas.ShouldBe(CacheLease.Unpack(old.Lease).Cas);
        await ring.FillAsync(key, old.Lease, "old");
        (await ring.ReadAsync(key)).State.ShouldBe(CacheState.Pending);
    }

    [Fact]
    public async Task AServerIsRidOfWhatItMissedBeforeItIsAskedAgain()
    {
        var time = new FakeTimeProvider();
        await using var ring = new MemcachedRing(_servers.Options, time);
        var keys = Enumerable.Range(0, 2000).Select(i => $"key{i}").ToArray();
        await _servers.First.KillAsync();
        await ring.InvalidateAsync(keys, Cancellation);
        ring.Status[0].MissedInvalidations.ShouldBe(keys.Length);
        await RestartWithAsync(keys);
        time.Advance(_servers.Options.ReturnPauseMax);
        await UntilAsync(ring, isAlive: true);
        ring.Status[0].MissedInvalidations.ShouldBe(0);
        foreach (var key in keys)
            (await _servers.First.AskAsync($"mg {key}")).ShouldBe("EN");
        (await _servers.First.AskAsync("mg other")).ShouldBe("HD");
    }

    [Fact]
    public async Task AServerThatMissedTooMuchIsEmptiedBeforeItIsAskedAgain()
    {
        var time = new FakeTimeProvider();
        await using var ring = new MemcachedRing(_servers.Options with { MissedInvalidationsMax = 5 }, time);
        var keys = Enumerable.Range(0, 20).Select(i => $"key{i}").ToArray();
        await _servers.First.KillAsync();
        await ring.InvalidateAsync(keys, Cancellation);
        await RestartWithAsync(keys);
        time.Advance(_servers.Options.ReturnPauseMax);
        await UntilAsync(ring, isAlive: true);
        foreach (var key in keys.Append("other"))
            (await _servers.First.AskAsync($"mg {key}")).ShouldBe("EN");
    }

    [Fact]
    public async Task AnInvalidationReachesAServerThatOthersFoundBackFirst()
    {
        // One process has not noticed the return (its next try is a minute away), another already fills there.
        var late = _servers.Options with { ReturnPauseMax = TimeSpan.FromMinutes(1) };
        await using var writer = new MemcachedRing(late);
        await using var reader = new MemcachedRing(_servers.Options);
        var key = KeyOfTheFirst();
        await writer.ReadAsync("warm-up");
        await _servers.First.KillAsync();
        for (var i = 0; i < 20; i++)
            await writer.InvalidateAsync("another");
        await _servers.First.RestartAsync();
        await reader.StoreAsync(key, "old");
        await writer.InvalidateAsync(key);
        (await reader.ReadAsync(key)).State.ShouldBe(CacheState.MissWithLease);
    }

    [Fact]
    public async Task AnInvalidationThatMustBeSureIsSoWhenTheDeadRefuseBecauseTheyHoldNothing()
    {
        await using var ring = new MemcachedRing(_servers.Options);
        await ring.StoreAsync(KeyOfTheFirst(), "old");
        await _servers.First.KillAsync();
        await ring.EnsureInvalidatedAsync([KeyOfTheFirst()], Cancellation);
        ring.Status[0].IsAlive.ShouldBeFalse();
    }

    [Fact]
    public async Task AnInvalidationThatMustBeSureFailsWhileAServerIsSilentAndSucceedsWhenItAnswers()
    {
        var time = new FakeTimeProvider();
        await using var ring = new MemcachedRing(_servers.Options, time);
        var key = KeyOfTheFirst();
        await ring.StoreAsync(key, "old");
        _servers.First.Pause();
        var ensured = ring.EnsureInvalidatedAsync([key], Cancellation).AsTask();
        while (!ensured.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, Cancellation);
        }

        (await Should.ThrowAsync<PinfoldException>(() => ensured)).Message.ShouldContain(_servers.First.Address);
        await Should.ThrowAsync<PinfoldException>(
            () => ring.EnsureInvalidatedAsync([key], Cancellation).AsTask()); // at once: no time passes
        _servers.First.Resume();
        while (!ring.Status[0].IsAlive)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(1, Cancellation);
        }
        await ring.EnsureInvalidatedAsync([key], Cancellation);
        (await ring.ReadAsync(key)).State.ShouldBe(CacheState.MissWithLease);
    }

    string KeyOfTheFirst()
    {
        var hash = new RendezvousHash(_servers.Options.Servers);
        return Enumerable.Range(0, 1000).Select(i => $"key{i}").First(key => hash.Rank(key).Owner == 0);
    }

    /// <summary>Puts values into the restarted server, as another process would.</summary>
    async Task RestartWithAsync(string[] keys)
    {
        await _servers.First.RestartAsync();
        foreach (var key in keys.Append("other"))
            await _servers.First.AskAsync($"ms {key} 3 T600\r\nold");
    }

    async Task UntilAsync(MemcachedRing ring, bool isAlive)
    {
        var watch = Stopwatch.StartNew();
        while (ring.Status[0].IsAlive != isAlive)
        {
            watch.Elapsed.TotalSeconds.ShouldBeLessThan(60, $"IsAlive should be {isAlive} by now.");
            await Task.Delay(10, Cancellation);
        }
    }
}
