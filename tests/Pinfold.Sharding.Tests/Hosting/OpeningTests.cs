using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Pinfold.Sharding.Hosting;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Tests.Following;
using Pinfold.Testing;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Engines.StorageModel;

namespace Pinfold.Sharding.Tests.Hosting;

/// <summary>A store without a host: what it makes, and that it ends all of it.</summary>
public sealed class OpeningTests : IDisposable
{
    readonly TempFolder _folder = new("opened");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WhatOneStoreHasFollowedTheNextDoesNotMeetAgain()
    {
        var (first, second) = (new Recorder(), new Recorder());
        await using (var store = await OpenAsync(first))
        {
            await Fleet.WriteAsync(store, new ShardId(1));
            await Eventually.BecomesAsync(() => first.Handled.Count == 1, "the first write is followed");
        }
        await using (var store = await OpenAsync(second))
        {
            await Fleet.WriteAsync(store, new ShardId(0));
            await Eventually.BecomesAsync(() => second.Handled.Count > 0, "the second write is followed");
        }

        second.Handled.ShouldBe([(new ShardId(0), 1L)], "cursors were written and shards let go: a stop in good order");
    }

    [Fact]
    public async Task TheEndOfAStoreIsTheEndOfAllThatWasMadeWithItOnceAndInOrder()
    {
        var events = new List<string>();
        var store = await ShardedStore.OpenAsync(Model, shards => shards
            .UseEmbedded(_folder.Path, 2).ProvisionOnStart()
            .Services.AddSingleton(events).AddHostedService<Witness>());

        await store.DisposeAsync();
        await store.DisposeAsync();

        events.ShouldBe(["started", "stopped", "disposed"]);
        await Should.ThrowAsync<ObjectDisposedException>(() => Fleet.WriteAsync(store, new ShardId(0)));
    }

    [Fact]
    public async Task AnOpeningThatFailsClosesWhatWasMadeSoFar()
    {
        var events = new List<string>();

        var error = await Should.ThrowAsync<PinfoldException>(() => ShardedStore.OpenAsync(Model, shards => shards
            .UseEmbedded(_folder.Path, 2).Services.AddSingleton(events)
            .AddHostedService<Witness>().AddHostedService<Failing>()));

        error.Message.ShouldBe("no");
        events.ShouldBe(["started", "stopped", "disposed"]);
    }

    [Fact]
    public async Task WhatIsWrongIsInvalid()
    {
        (await ProblemAsync(_ => { })).ShouldContain("UseTopologyFile");
        (await ProblemAsync(shards => shards.UseEmbedded(_folder.Path).Configure(o => o.CommitLanes = 0)))
            .ShouldContain("CommitLanes");
        (await ProblemAsync(shards => shards.UseEmbedded(_folder.Path).Configure(
            o => o.Followers = new() { BatchTransactions = 0 }))).ShouldContain("BatchTransactions");
        Directory.GetFiles(_folder.Path).ShouldBeEmpty();

        async Task<string> ProblemAsync(Action<PinfoldShardingBuilder> configure)
        {
            var error = await Should.ThrowAsync<PinfoldException>(() => ShardedStore.OpenAsync(Model, configure));
            error.Kind.ShouldBe(ErrorKind.Invalid);
            return error.Message;
        }
    }

    Task<ShardedStore> OpenAsync(Recorder follower) => ShardedStore.OpenAsync(Model, shards =>
        shards.UseEmbedded(_folder.Path, 2).AddFollower(follower).ProvisionOnStart());

    sealed class Witness(List<string> events) : IHostedService, IDisposable
    {
        public Task StartAsync(CancellationToken cancellationToken) => Say("started");

        public Task StopAsync(CancellationToken cancellationToken) => Say("stopped");

        public void Dispose() => events.Add("disposed");

        Task Say(string what)
        {
            events.Add(what);
            return Task.CompletedTask;
        }
    }

    sealed class Failing : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) =>
            throw new PinfoldException(ErrorKind.Unavailable, "no");

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
