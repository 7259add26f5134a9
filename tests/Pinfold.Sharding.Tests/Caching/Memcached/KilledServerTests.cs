using System.Buffers.Binary;
using System.Diagnostics;
using Pinfold.Sharding.Caching;
using Pinfold.Sharding.Caching.Memcached;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Caching.Memcached;

/// <summary>
/// Four clients read, fill, write and invalidate while a server is killed and restarted. No call may throw, and no read
/// that begins after an invalidation ended may see an older value.
/// </summary>
public sealed class KilledServerTests : IAsyncLifetime
{
    const int KeyCount = 40;
    const int KillCount = 6;
    const int WorkerCount = 8;

    readonly TwoMemcachedServers _servers = new();
    readonly string[] _keys = [.. Enumerable.Range(0, KeyCount).Select(i => $"key{i}")];
    readonly long[] _written = new long[KeyCount];
    readonly long[] _invalidated = new long[KeyCount];
    readonly SemaphoreSlim[] _writing = [.. Enumerable.Range(0, KeyCount).Select(_ => new SemaphoreSlim(1))];
    long _hits;

    public ValueTask InitializeAsync() => _servers.InitializeAsync();

    public ValueTask DisposeAsync() => _servers.DisposeAsync();

    [Fact]
    public async Task NoCallFailsAndNoStaleValueIsReadWhileAServerIsKilledAndRestarted()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("PINFOLD_SEED"), out var given)
            ? given
            : Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"PINFOLD_SEED={seed}");
        var rings = Enumerable.Range(0, 4).Select(_ => new MemcachedRing(_servers.Options)).ToArray();
        using var stop = new CancellationTokenSource();
        var workers = Enumerable.Range(0, WorkerCount)
            .Select(i => Task.Run(() => WorkAsync(rings[i % rings.Length], new Random(seed + i), stop.Token)))
            .ToArray();
        await KillAndRestartAsync(new Random(seed), workers);
        await stop.CancelAsync();
        await Task.WhenAll(workers);
        foreach (var ring in rings)
        {
            for (var key = 0; key < KeyCount; key++)
                await ReadOrFillAsync(ring, key);
            await ring.DisposeAsync();
        }
        _hits.ShouldBeGreaterThan(KillCount * 100);
        TestContext.Current.TestOutputHelper?.WriteLine($"{_hits} hits, {_written.Sum()} writes");
    }

    async Task KillAndRestartAsync(Random random, Task[] workers)
    {
        for (var i = 0; i < KillCount; i++)
        {
            var server = random.Next(2) == 0 ? _servers.First : _servers.Second;
            await PauseAsync(random.Next(50, 400), workers);
            await server.KillAsync();
            await PauseAsync(random.Next(0, 300), workers);
            await server.RestartAsync();
        }
        await PauseAsync(500, workers);
    }

    static async Task PauseAsync(int ms, Task[] workers)
    {
        var failed = workers.FirstOrDefault(worker => worker.IsFaulted);
        if (failed is not null)
            await failed;
        await Task.Delay(ms, TestContext.Current.CancellationToken);
    }

    async Task WorkAsync(MemcachedRing ring, Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var key = random.Next(KeyCount);
            if (random.Next(10) == 0)
                await WriteAsync(ring, key);
            else
                await ReadOrFillAsync(ring, key);
        }
    }

    async Task WriteAsync(MemcachedRing ring, int key)
    {
        await _writing[key].WaitAsync(CancellationToken.None);
        var version = Interlocked.Increment(ref _written[key]);
        await ring.InvalidateAsync([_keys[key]], CancellationToken.None);
        Interlocked.Exchange(ref _invalidated[key], version);
        _writing[key].Release();
    }

    async Task ReadOrFillAsync(MemcachedRing ring, int key)
    {
        var oldestAllowed = Interlocked.Read(ref _invalidated[key]);
        var read = (await ring.ReadAsync([_keys[key]], CancellationToken.None))[0];
        if (read.State == CacheState.Hit)
        {
            Interlocked.Increment(ref _hits);
            BinaryPrimitives.ReadInt64LittleEndian(read.Value.Span).ShouldBeGreaterThanOrEqualTo(
                oldestAllowed, $"{_keys[key]} is stale");
        }
        if (read.State != CacheState.MissWithLease)
            return;
        var value = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(value, Interlocked.Read(ref _written[key]));
        await Task.Yield();
        await ring.FillAsync(
            [new CacheFill(_keys[key], read.Lease, value, CacheVerbs.Minute)], CancellationToken.None);
    }
}
