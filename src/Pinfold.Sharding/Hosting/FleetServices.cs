using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Pinfold.Sharding.Catalog;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Moving;
using Pinfold.Sharding.Operations;
using Pinfold.Sharding.Retention;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Topology;
using Pinfold.Sharding.Verification;

namespace Pinfold.Sharding.Hosting;

/// <summary>What operators use: the catalog, and the operations that are kept there.</summary>
static class FleetServices
{
    public static void AddFleet(this IServiceCollection services)
    {
        services.AddSingleton(provider => new CatalogHome(Opener(provider)));
        services.AddSingleton(provider => new TopologyHistory(
            provider.GetRequiredService<ITopologySource>(), provider.GetRequiredService<CatalogHome>()));
        services.AddSingleton(provider => new TopologyOperations(provider.GetRequiredService<ITopologySource>()));
        services.AddSingleton(provider => new FleetProcesses(
            provider.GetRequiredService<ITopologySource>(), provider.GetRequiredService<CatalogHome>()));
        services.AddHostedService<ProcessService>();
        services.AddSingleton<IOperationKind>(new OpenKind("open"));
        services.AddSingleton<IOperationKind>(new OpenKind("close"));
        services.AddSingleton<IOperationKind>(provider => new AddServerKind(Opener(provider)));
        services.AddSingleton<IOperationKind>(new RemoveServerKind());
        services.AddSingleton(provider => new ShardBalances(
            provider.GetRequiredService<ITopologySource>(), Opener(provider),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new CatalogMove(
            provider.GetRequiredService<ITopologySource>(), provider.GetRequiredService<CatalogHome>(),
            Opener(provider)));
        services.AddSingleton(provider => new ShardMoves(
            provider.GetRequiredService<ITopologySource>(), Opener(provider)));
        services.AddSingleton<IOperationKind>(provider => new MoveKind(
            Opener(provider), provider.GetRequiredService<ITopologySource>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IOperationKind>(provider => new CleanupKind(
            Opener(provider), provider.GetRequiredService<ITopologySource>()));
        services.AddSingleton<IOperationKind>(
            provider => new TrimKind(provider.GetRequiredService<ShardedStore>));
        services.AddSingleton<JournalTrims>();
        services.AddSingleton<FollowerPlaces>();
        services.AddSingleton(provider => new FleetOperations(
            provider.GetRequiredService<ITopologySource>(), provider.GetRequiredService<CatalogHome>(),
            provider.GetServices<IOperationKind>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new FleetVerifier(
            provider.GetRequiredService<ShardedStore>(), provider.GetRequiredService<ITopologySource>(),
            provider.GetRequiredService<FleetOperations>(), Opener(provider)));
    }

    static Func<ServerSpec, Task<IShardServer>> Opener(IServiceProvider services) => new ServerFactory(
        services.GetRequiredService<IOptions<PinfoldShardingOptions>>().Value.RoundTripTimeout).OpenAsync;
}
