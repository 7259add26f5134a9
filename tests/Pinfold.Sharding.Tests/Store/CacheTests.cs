using System.Collections.Concurrent;
using Pinfold.Sharding.Caching;
using Pinfold.Sharding.Caching.Memcached;
using Pinfold.Sharding.Store;
using Pinfold.Testing;
using Pinfold.Testing.Servers;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Store.StoreModel;
using MemcachedServer = Pinfold.Testing.Servers.MemcachedServer;

namespace Pinfold.Sharding.Tests.Store;

/// <summary>Stores of several processes over the same shards and the same two memcached servers.</summary>
public sealed class CacheTests
{
    const int Processes = 4;

    [Fact]
    public async Task TwoHundredReadersOfAColdObjectCostOneReadOfTheDatabase()
    {
        await using var test = await TestStore.StartAsync("MariaDB");
        var rings = OpenRings(await TestServers.MemcachedAsync(0), await TestServers.MemcachedAsync(1));
        var stores = rings.ConvertAll(test.OpenAnother);
        foreach (var round in Enumerable.Range(0, 5))
        {
            var id = await CreateAsync(test.Store, test.Shard);
            test.Proxy.ResetCounts();

            var found = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() =>
                stores[i % Processes].FindAsync(id))));

            test.Proxy.Sql.Count(s => s.StartsWith("SELECT", StringComparison.Ordinal)).ShouldBe(1, $"round {round}");
            found.ShouldAllBe(f => f!.Body.Title == "version 1" && f.Version == 1 && f.Id == id);
        }
        await CloseAsync(rings);
    }

    [Fact]
    public async Task TwoHundredReadersOfAMissingObjectCostOneReadOfTheDatabase()
    {
        await using var test = await TestStore.StartAsync("MariaDB");
        var rings = OpenRings(await TestServers.MemcachedAsync(0), await TestServers.MemcachedAsync(1));
        var stores = rings.ConvertAll(test.OpenAnother);
        var id = Note.Type.Id(new ObjectId(test.Shard, Note.Type.Number, 1));

        var found = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => stores[i % Processes].FindAsync(id)));

        test.Proxy.Sql.Count(s => s.StartsWith("SELECT", StringComparison.Ordinal)).ShouldBe(1);
        found.ShouldAllBe(f => f == null);
        (await CreateAsync(stores[0], test.Shard)).ShouldBe(id, "and then it is made");
        foreach (var store in stores)
            (await store.FindAsync(id)).ShouldNotBeNull();
        await CloseAsync(rings);
    }

    [Fact]
    public async Task AFillerThatAWriteHasOvertakenLeavesNoStaleValue()
    {
        await using var test = await TestStore.StartAsync("MariaDB");
        var rings = OpenRings(await TestServers.MemcachedAsync(0), await TestServers.MemcachedAsync(1));
        var writing = test.OpenAnother(rings[0]);
        var slow = new SlowFiller(rings[1]);
        var filling = test.OpenAnother(slow);
        var id = await CreateAsync(writing, test.Shard);

        var reading = filling.FindAsync(id);
        await slow.HasRead;
        await UpdateAsync(writing, id, 2);
        slow.Fill();

        (await reading)!.Version.ShouldBe(1, "it had been read before the write");
        foreach (var ring in rings)
            (await test.OpenAnother(ring).FindAsync(id))!.Version.ShouldBe(2);
        await CloseAsync(rings);
    }

    [Fact]
    public async Task WhileMemcachedIsKilledAndStartedAgainNoRequestFailsAndNoneIsAnsweredWithAnOldValue()
    {
        var random = Seed.Take(TestContext.Current.TestOutputHelper!.WriteLine).NewRandom();
        await using var first = await MemcachedServer.StartAsync();
        await using var second = await MemcachedServer.StartAsync();
        await using var test = await TestStore.StartAsync("MariaDB", new() { Shards = 2 });
        var rings = OpenRings(first, second);
        var stores = rings.ConvertAll(test.OpenAnother);
        var written = new ConcurrentDictionary<ObjectId<Note>, long>();
        for (var i = 0; i < 12; i++)
            written[await CreateAsync(stores[0], test.Shards[i % 2])] = 1;
        var ids = written.Keys.ToList();
        var reads = 0;
        using var stop = new CancellationTokenSource();

        var writers = ids.Select((id, i) => Task.Run(async () =>
        {
            for (var version = 2; !stop.IsCancellationRequested; version++)
            {
                await UpdateAsync(stores[i % Processes], id, version);
                written[id] = version;
            }
        }));
        var readers = Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var expected = ids.ConvertAll(id => written[id]);
                var found = await stores[i % Processes].FindManyAsync(ids);
                for (var at = 0; at < ids.Count; at++)
                    found[at].ShouldNotBeNull().Version.ShouldBeGreaterThanOrEqualTo(expected[at]);
                Interlocked.Increment(ref reads);
            }
        }));
        var load = Task.WhenAll(writers.Concat(readers).ToList());
        for (var kill = 0; kill < 4; kill++)
        {
            var server = random.Next(2) == 0 ? first : second;
            await ReadsAsync(random.Next(20, 100));
            await server.KillAsync();
            await ReadsAsync(random.Next(20, 100));
            await server.RestartAsync();
        }
        await ReadsAsync(100);
        await stop.CancelAsync();
        await load;

        foreach (var store in stores)
            (await store.FindManyAsync(ids)).Select(f => f!.Version).ShouldBe(ids.Select(id => written[id]));
        await CloseAsync(rings);

        Task ReadsAsync(int more)
        {
            var until = Volatile.Read(ref reads) + more;
            return Eventually.HoldsAsync(() => load.IsCompleted || Volatile.Read(ref reads) >= until);
        }
    }

    static List<ICache> OpenRings(params MemcachedServer[] servers) =>
        [.. Enumerable.Range(0, Processes).Select(ICache (_) => new MemcachedRing(new()
        {
            Servers = [.. servers.Select(s => s.Address)],
            OperationTimeout = TimeSpan.FromSeconds(5),
            ConnectTimeout = TimeSpan.FromSeconds(5),
        }))];

    static async Task CloseAsync(List<ICache> rings)
    {
        foreach (var ring in rings)
            await ring.DisposeAsync();
    }

    static async Task<ObjectId<Note>> CreateAsync(ShardedStore store, ShardId shard)
    {
        var transaction = store.Begin(shard);
        var note = transaction.Create(new Note("version 1"));
        await transaction.CommitAsync();
        return note.Id;
    }

    static async Task UpdateAsync(ShardedStore store, ObjectId<Note> id, int version)
    {
        var transaction = store.Begin(id.Shard);
        transaction.Update(id, new Note($"version {version}"), expectedVersion: version - 1);
        await transaction.CommitAsync();
    }

    /// <summary>A reader's cache whose fill is held back until the test says so.</summary>
    sealed class SlowFiller(ICache inner) : ICache
    {
        readonly TaskCompletionSource _hasRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
        readonly TaskCompletionSource _mayFill = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task HasRead => _hasRead.Task;

        public void Fill() => _mayFill.SetResult();

        public ValueTask<CacheRead[]> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellation) =>
            inner.ReadAsync(keys, cancellation);

        public async ValueTask FillAsync(IReadOnlyList<CacheFill> fills, CancellationToken cancellation)
        {
            _hasRead.SetResult();
            await _mayFill.Task;
            await inner.FillAsync(fills, cancellation);
        }

        public ValueTask InvalidateAsync(IReadOnlyList<string> keys, CancellationToken cancellation) =>
            inner.InvalidateAsync(keys, cancellation);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
