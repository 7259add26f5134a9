using Pinfold.Sharding.Caching.Memory;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Engines.Sqlite;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Tests.Following;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Engines.StorageModel;

namespace Pinfold.Sharding.Tests.Hosting;

/// <summary>The in-process cache beside other processes: what it sees, and what looking costs.</summary>
public sealed class LocalCacheTests
{
    [Theory, EveryEngine]
    public async Task WhatAnotherProcessWroteIsReadAfterTheNextLook(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine);
        await using var cache = new MemoryCache(new MemoryCacheOptions(), TimeProvider.System);
        var (store, other) = (fleet.NewStore(cache: cache), fleet.NewStore());
        await using var host = new FollowerHost(store, []);
        var transaction = store.Begin(new ShardId(3));
        var pin = transaction.Create(new Pin("Quince"));
        await transaction.CommitAsync();
        await host.OfProcess.LookAsync(CancellationToken.None);
        (await store.GetAsync(pin.Id)).Body.Title.ShouldBe("Quince");

        var update = other.Begin(new ShardId(3));
        update.Update(pin.Id, new Pin("Medlar"));
        await update.CommitAsync();
        (await store.GetAsync(pin.Id)).Body.Title.ShouldBe("Quince", "or the test shows nothing");
        await host.OfProcess.LookAsync(CancellationToken.None);

        (await store.GetAsync(pin.Id)).Body.Title.ShouldBe("Medlar");
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task ALookIsOneRoundTripToAServerAndOneMoreForAllThatIsNew(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 8, hasProxy: true);
        await using var cache = new MemoryCache(new MemoryCacheOptions(), TimeProvider.System);
        var (store, other) = (fleet.NewStore(cache: cache), fleet.NewStore());
        await using var host = new FollowerHost(store, []);
        await host.OfProcess.LookAsync(CancellationToken.None);

        fleet.Proxy!.ResetCounts();
        await host.OfProcess.LookAsync(CancellationToken.None);
        fleet.Proxy.RoundTripCount.ShouldBe(1, "nobody wrote");

        for (var shard = 0; shard < 3; shard++)
            await Fleet.WriteAsync(other, new ShardId(shard));
        fleet.Proxy.ResetCounts();
        await host.OfProcess.LookAsync(CancellationToken.None);
        fleet.Proxy.RoundTripCount.ShouldBe(2, "three shards were written");
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task ThousandsOfShardsThatAreNoRangeAreStillOneRoundTrip(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, hasProxy: true);
        var store = fleet.NewStore();
        var followers = await fleet.CursorsAsync(store, new ShardId(0));
        await followers.ReadLastSeqsAsync([new ShardId(0)], CancellationToken.None);
        fleet.Proxy!.ResetCounts();

        var seqs = await followers.ReadLastSeqsAsync(
            [.. Enumerable.Range(0, 2200).Select(i => new ShardId(2 * i))], CancellationToken.None);

        seqs.ShouldContain(new ShardSeq(new ShardId(0), 0));
        fleet.Proxy.RoundTripCount.ShouldBe(1);
    }

    [Fact]
    public async Task AFileThatNobodyWroteSinceIsNotOpenedAgain()
    {
        await using var shards = await TestShards.StartAsync(TestShards.Sqlite, count: 2);
        await shards.CommitAsync(new CreateObject(Pin.Type, 1, """{"$v":1}"""u8.ToArray()));
        foreach (var file in Directory.GetFiles(shards.Folder.Path))
            File.SetLastWriteTimeUtc(file, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-1));
        await using var server = new SqliteShardServer(
            "one", shards.Folder.Path, TimeSpan.FromMilliseconds(100), openMax: 1);
        await ShouldReadAsync(1);
        using var release = new ManualResetEvent(false);
        var isTaken = new TaskCompletionSource();
        var taking = Task.Run(() => server.UseAsync(shards.Shards[1], _ =>
        {
            isTaken.SetResult();
            release.WaitOne();
            return 0;
        }, CancellationToken.None).AsTask());
        await isTaken.Task;

        await ShouldReadAsync(1);
        await shards.CommitAsync(new CreateObject(Pin.Type, 2, """{"$v":1}"""u8.ToArray()));
        await Should.ThrowAsync<PinfoldException>(() => ShouldReadAsync(2));
        release.Set();
        await taking;
        await ShouldReadAsync(2);

        async Task ShouldReadAsync(long seq) =>
            (await server.Cursors.ReadLastSeqsAsync([shards.Shard], CancellationToken.None))
                .ShouldHaveSingleItem().Seq.ShouldBe(seq);
    }
}
