using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Pinfold.Sharding.Hosting;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Tests.Docs.Examples;

static class ShopHost
{
    public static HostApplicationBuilder CreateBuilder()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);

        builder.Services.AddPinfoldSharding(shards => shards
            .UseModel(Shop.Model)
            .UseTopologyFile("topology.json", lastKnownGoodPath: "topology.last-known-good.json")
            .AddFollower<OrderCounter>()
            .ProvisionOnStart());
        builder.Services.Configure<PinfoldShardingOptions>(builder.Configuration.GetSection("Pinfold"));

        builder.Services.AddSingleton<Checkout>();
        return builder;
    }

    /// <summary>For tests of the whole host.</summary>
    public static void UseTestShards(IServiceCollection services, string folder)
    {
        services.Replace(ServiceDescriptor.Singleton<ITopologySource>(
            new FixedTopologySource(TopologyMap.Embedded(folder, shardCount: 2))));
    }
}
