using System.Collections.Concurrent;
using Pinfold.Sharding.Caching;
using Pinfold.Sharding.Caching.Memcached;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Testing.Servers;
using Shouldly;
using Xunit;
using MemcachedServer = Pinfold.Testing.Servers.MemcachedServer;
using static Pinfold.Sharding.Tests.Engines.StorageModel;

namespace Pinfold.Sharding.Tests.Following;

public sealed class CacheFollowerTests
{
    [Theory, EveryEngine]
    public async Task WhatAWriterThatDiedLeftStaleIsInvalidatedWhenFollowed(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 2);
        await using var cache = new PlainCache();
        var (store, dying) =
            (fleet.NewStore(cache: cache), fleet.NewStore()); // the dying one never gets to its invalidation
        var transaction = store.Begin(new ShardId(0));
        var pin = transaction.Create(new Pin("Quince"));
        await transaction.CommitAsync();
        var host = await fleet.StartHostAsync(new FollowerOptions { Lease = TimeSpan.FromMinutes(10) }, [], store);
        await host.DrainAsync();
        (await store.GetAsync(pin.Id)).Body.Title.ShouldBe("Quince");

        var update = dying.Begin(new ShardId(0));
        update.Update(pin.Id, new Pin("Medlar"));
        update.Invalidate("board:7");
        await update.CommitAsync();
        (await store.GetAsync(pin.Id)).Body.Title.ShouldBe("Quince");
        await host.DrainAsync();

        (await store.GetAsync(pin.Id)).Body.Title.ShouldBe("Medlar");
        cache.Invalidated.ShouldContain("board:7");
        cache.Invalidated.ShouldContain(ObjectCache.Key(pin.Id));
    }

    /// <summary>
    /// The writer and the follower find that Memcached hangs, so neither sends it a word that it could read later; both
    /// end, and with them what they remembered.
    /// </summary>
    [Theory, EveryEngine]
    public async Task WhatAHungMemcachedMissedIsDeliveredThoughAllWhoRememberedItHaveEnded(string engine)
    {
        await using var memcached = await MemcachedServer.StartAsync();
        await using var fleet = await Fleet.StartAsync(engine, shards: 2);
        var (writing, following) = (RingOf(memcached), new WatchedCache(RingOf(memcached)));
        var (writer, follower) = (fleet.NewStore(cache: writing), fleet.NewStore(cache: following));
        var creation = writer.Begin(new ShardId(0));
        var pin = creation.Create(new Pin("Quince"));
        await creation.CommitAsync();
        var host = await fleet.StartHostAsync(new FollowerOptions(), [], follower);
        await host.DrainAsync();
        (await writer.GetAsync(pin.Id)).Body.Title.ShouldBe("Quince");
        (await follower.GetAsync(pin.Id)).Body.Title.ShouldBe("Quince");
        var before = await fleet.CursorAsync(writer, new ShardId(0), "cache");

        memcached.Pause();
        await UntilItIsDeadAsync(writing);
        await UntilItIsDeadAsync(following.Ring);
        following.Watch();
        var update = writer.Begin(new ShardId(0));
        update.Update(pin.Id, new Pin("Medlar"));
        var commit = await update.CommitAsync();
        await writing.DisposeAsync();
        await following.WasAsked;
        await host.DisposeAsync(); // which writes how far it is
        await following.DisposeAsync();

        (await fleet.CursorAsync(writer, new ShardId(0), "cache")).ShouldBe(before);
        memcached.Resume();
        await using var ring = RingOf(memcached);
        (await ring.ReadAsync([ObjectCache.Key(pin.Id)], default))[0].State.ShouldBe(CacheState.Hit);
        var last = fleet.NewStore(cache: ring);
        host = await fleet.StartHostAsync(new FollowerOptions(), [], last);
        await host.DrainAsync();
        (await last.GetAsync(pin.Id)).Body.Title.ShouldBe("Medlar");
        (await fleet.CursorAsync(last, new ShardId(0), "cache")).ShouldBe(commit.Seq);
        (await host.Parked.ListAsync()).ShouldBeEmpty();
    }

    static MemcachedRing RingOf(MemcachedServer server) => new(new() { Servers = [server.Address] });

    static async Task UntilItIsDeadAsync(MemcachedRing ring)
    {
        while (ring.Status[0].IsAlive)
            await ring.ReadAsync(["any"], TestContext.Current.CancellationToken);
    }

    /// <summary>Tells when it was asked for an invalidation, and that has ended either way.</summary>
    sealed class WatchedCache(MemcachedRing ring) : ICache
    {
        TaskCompletionSource _wasAsked = new();

        public MemcachedRing Ring => ring;

        public Task WasAsked => _wasAsked.Task;

        public void Watch() => _wasAsked = new();

        public ValueTask<CacheRead[]> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellation) =>
            ring.ReadAsync(keys, cancellation);

        public ValueTask FillAsync(IReadOnlyList<CacheFill> fills, CancellationToken cancellation) =>
            ring.FillAsync(fills, cancellation);

        public ValueTask InvalidateAsync(IReadOnlyList<string> keys, CancellationToken cancellation) =>
            TellAsync(ring.InvalidateAsync(keys, cancellation));

        public ValueTask EnsureInvalidatedAsync(IReadOnlyList<string> keys, CancellationToken cancellation) =>
            TellAsync(ring.EnsureInvalidatedAsync(keys, cancellation));

        public ValueTask DisposeAsync() => ring.DisposeAsync();

        async ValueTask TellAsync(ValueTask invalidation)
        {
            try
            {
                await invalidation;
            }
            finally
            {
                _wasAsked.TrySetResult();
            }
        }
    }

    /// <summary>The least that a cache can be: everybody may fill, nothing expires.</summary>
    sealed class PlainCache : ICache
    {
        readonly ConcurrentDictionary<string, ReadOnlyMemory<byte>> _values = new();

        public ConcurrentBag<string> Invalidated { get; } = [];

        public ValueTask<CacheRead[]> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellation) =>
            new([.. keys.Select(key => _values.TryGetValue(key, out var value)
                ? new CacheRead(CacheState.Hit, value, 0)
                : new CacheRead(CacheState.MissWithLease, default, 1))]);

        public ValueTask FillAsync(IReadOnlyList<CacheFill> fills, CancellationToken cancellation)
        {
            foreach (var fill in fills)
                _values[fill.Key] = fill.Value;
            return ValueTask.CompletedTask;
        }

        public ValueTask InvalidateAsync(IReadOnlyList<string> keys, CancellationToken cancellation)
        {
            foreach (var key in keys)
            {
                _values.TryRemove(key, out _);
                Invalidated.Add(key);
            }
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
