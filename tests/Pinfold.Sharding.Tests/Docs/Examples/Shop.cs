using System.Text.Json.Serialization;

namespace Pinfold.Sharding.Tests.Docs.Examples;

// What the pages about the library show: customers, each on a shard with their orders.
public sealed record Customer(string Name, string Email);

public sealed record Order(string Product, int Quantity);

[JsonSerializable(typeof(Customer)), JsonSerializable(typeof(Order))]
sealed partial class ShopJson : JsonSerializerContext;

public static class Shop
{
    public static readonly ObjectType<Customer> Customers = new(1, "customers", ShopJson.Default.Customer);
    public static readonly ObjectType<Order> Orders = new(2, "orders", ShopJson.Default.Order);
    public static readonly Mapping<Customer, Order> CustomerHasOrders = new(1, "customer_has_orders");
    public static readonly NameKind Emails = new(1, "email");

    public static readonly ShardingModel Model = new([Customers, Orders], [CustomerHasOrders], [Emails]);
}
