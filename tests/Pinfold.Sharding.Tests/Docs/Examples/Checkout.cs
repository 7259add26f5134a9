using Pinfold.Sharding.Store;

namespace Pinfold.Sharding.Tests.Docs.Examples;

public sealed class Checkout(ShardedStore store, TimeProvider time)
{
    public async Task<ObjectId<Customer>> WelcomeAsync(string name, string email)
    {
        var transaction = store.Begin(store.PickShard());
        var customer = transaction.Create(new Customer(name, email));
        await transaction.ClaimAsync(Shop.Emails, email, customer);
        await transaction.CommitAsync();
        return customer.Id;
    }

    public async Task<ObjectId<Order>> OrderAsync(ObjectId<Customer> customer, string product, int quantity)
    {
        var transaction = store.Begin(customer.Shard);
        var order = transaction.Create(new Order(product, quantity));
        transaction.Put(Shop.CustomerHasOrders, customer, order, time.GetUtcNow().ToUnixTimeMilliseconds());
        await transaction.CommitAsync();
        return order.Id;
    }

    public async Task ChangeQuantityAsync(ObjectId<Order> id, int quantity)
    {
        var order = await store.GetAsync(id);
        var transaction = store.Begin(id.Shard);
        transaction.Update(order with { Body = order.Body with { Quantity = quantity } });
        await transaction.CommitAsync();
    }

    public Task OrderMoreAsync(ObjectId<Order> id, int more) =>
        store.WriteAsync(id.Shard, async (transaction, cancellation) =>
        {
            var read = store.Read();
            var order = read.Find(id);
            await read.ExecuteAsync(cancellation);
            if (order.Value is { } found)
                transaction.Update(found with { Body = found.Body with { Quantity = found.Body.Quantity + more } });
        });

    public async Task<List<string>> ProductsAsync(ObjectId<Customer> customer)
    {
        var products = new List<string>();
        await foreach (var order in store.ObjectsAsync(Shop.CustomerHasOrders, customer))
            products.Add(order.Body.Product);
        return products;
    }
}
