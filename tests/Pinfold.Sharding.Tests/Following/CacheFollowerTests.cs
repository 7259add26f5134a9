using System.Collections.Concurrent;
using Pinfold.Sharding.Caching;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Tests.Engines;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Engines.StorageModel;

namespace Pinfold.Sharding.Tests.Following;

[Collection(FollowerCollection.Name)]
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
