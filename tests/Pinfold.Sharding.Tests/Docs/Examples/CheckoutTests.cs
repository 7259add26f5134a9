using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Hosting;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Topology;
using Xunit;

namespace Pinfold.Sharding.Tests.Docs.Examples;

public sealed class CheckoutTests : IAsyncLifetime
{
    readonly string _folder = Directory.CreateTempSubdirectory("shop-").FullName;
    readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    ShardedStore _store = null!;

    public async ValueTask InitializeAsync() =>
        _store = await ShardedStore.OpenAsync(Shop.Model, shards => shards
            .UseEmbedded(_folder, shardCount: 2).ProvisionOnStart().Configure(o => o.FollowJournal = false));

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task OrdersAreListedNewestFirst()
    {
        var checkout = new Checkout(_store, _time);
        var robin = await checkout.WelcomeAsync("Robin", "robin@shop.example");
        await checkout.OrderAsync(robin, "Peas", 2);
        _time.Advance(TimeSpan.FromMinutes(1));
        await checkout.OrderAsync(robin, "Quince", 1);

        Assert.Equal(["Quince", "Peas"], await checkout.ProductsAsync(robin));
    }

    [Fact]
    public async Task WhoIsSlowerIsTold()
    {
        var checkout = new Checkout(_store, _time);
        var id = await checkout.OrderAsync(await checkout.WelcomeAsync("Robin", "robin@shop.example"), "Peas", 2);
        var read = await _store.GetAsync(id);
        await checkout.ChangeQuantityAsync(id, 3);

        var late = _store.Begin(id.Shard);
        late.Update(read with { Body = read.Body with { Quantity = 4 } });
        var error = await Assert.ThrowsAsync<PinfoldException>(() => late.CommitAsync());

        Assert.Equal(ErrorKind.Conflict, error.Kind);
    }

    [Fact]
    public async Task WhatIsTriedAgainCountsEveryOne()
    {
        var checkout = new Checkout(_store, _time);
        var id = await checkout.OrderAsync(await checkout.WelcomeAsync("Robin", "robin@shop.example"), "Peas", 2);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => checkout.OrderMoreAsync(id, 1)));

        Assert.Equal(10, (await _store.GetAsync(id)).Body.Quantity);
    }

    [Fact]
    public async Task EachOrderIsCounted()
    {
        var (counter, checkout) = (new OrderCounter(), new Checkout(_store, _time));
        await using var followers = new FollowerHost(_store, [counter]);
        await followers.StartAsync();

        var robin = await checkout.WelcomeAsync("Robin", "robin@shop.example");
        await checkout.OrderAsync(robin, "Peas", 2);
        await checkout.OrderAsync(robin, "Quince", 1);
        await followers.DrainAsync();

        Assert.Equal(2, counter.Count);
    }

    [Fact]
    public async Task AnOrderThatComesAgainIsCountedOnce()
    {
        var counter = new OrderCounter();
        var order = new ObjectId(new ShardId(0), Shop.Orders.Number, 7);
        var transaction = new JournalTransaction(order.Shard, 1, TransactionId.New(_time.GetUtcNow()),
            _time.GetUtcNow(), [new JournalEntry(JournalEntryKind.Created, order)]);

        await counter.HandleAsync(transaction, CancellationToken.None);
        await counter.HandleAsync(transaction, CancellationToken.None);

        Assert.Equal(1, counter.Count);
    }

    [Fact]
    public async Task AServerThatIsDownIsTransient()
    {
        var map = TopologyMap.Create(1, 2, [new MySqlServerSpec("db1", new HostPort("127.0.0.1", 1), "shop")],
            [new ShardRange(new ShardId(0), new ShardId(1), "db1")]);
        await using var store = await ShardedStore.OpenAsync(
            Shop.Model, shards => shards.UseTopology(new FixedTopologySource(map)));

        var robin = Shop.Customers.Id(new ObjectId(new ShardId(0), Shop.Customers.Number, 7));
        var error = await Assert.ThrowsAsync<PinfoldException>(() => new Checkout(store, _time).ProductsAsync(robin));

        Assert.True(error.IsTransient);
    }

    [Fact]
    public async Task TheWholeHostRunsOnFiles()
    {
        var builder = ShopHost.CreateBuilder();
        ShopHost.UseTestShards(builder.Services, _folder);
        builder.Services.AddSingleton<TimeProvider>(_time);
        using var host = builder.Build();

        await host.StartAsync();
        await host.Services.GetRequiredService<Checkout>().WelcomeAsync("Robin", "robin@shop.example");
        await host.StopAsync();
    }
}
