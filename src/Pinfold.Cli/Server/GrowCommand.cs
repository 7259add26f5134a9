using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Operation;
using Pinfold.Cli.Running;
using Pinfold.Sharding.Catalog;
using Pinfold.Sharding.Moving;
using Pinfold.Sharding.Operations;
using Pinfold.Sharding.Topology;

namespace Pinfold.Cli.Server;

/// <summary>
/// <c>pinfold grow NAME</c>: an embedded installation goes to its first server, while it serves. What was done already
/// is left as it is, so it is run again after whatever stopped it.
/// </summary>
static class GrowCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var moving = new Shard.MovingOptions();
        var name = new Argument<string>("NAME") { Description = "What the server is called from now on." };
        var command = new Command(
            "grow", "Takes an embedded installation to a MySQL or MariaDB while it serves: shards and catalog.")
        {
            name,
        };
        ServerAddCommand.AddTo(command);
        moving.AddTo(command);
        installation.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandHost.LookAsync(
            parsed, installation, (services, token) => GrowAsync(
                services, parsed.GetValue(name)!, () => ServerAddCommand.Read(parsed, parsed.GetValue(name)!),
                moving.Read(parsed), token), cancellation, changesShards: true));
        return command;
    }

    static async Task<int> GrowAsync(
        IServiceProvider services, string name, Func<ServerSpec> read, MoveOptions limits,
        CancellationToken cancellation)
    {
        var by = new Authorship(Caller.Name, $"to grow to {name}");
        var topology = services.GetRequiredService<ITopologySource>();
        var map = await topology.RefreshAsync(cancellation);
        if (map.Servers.All(server => server.Name != name))
            if (await RunAsync(services, await services.GetRequiredService<TopologyOperations>().PlanAddAsync(
                read(), cancellation), by, cancellation) is not ExitCodes.Done and var failed)
                return failed;
        map = await topology.RefreshAsync(cancellation);
        foreach (var server in map.Servers.Where(s => s is SqliteServerSpec && s.Name != name
            && map.ShardsOn(s.Name).Count > 0))
            if (await RunAsync(services, await services.GetRequiredService<ShardMoves>().PlanDrainAsync(
                server.Name, [name], limits, cancellation), by, cancellation) is not ExitCodes.Done and var failed)
                return failed;
        map = await services.GetRequiredService<CatalogMove>().MoveAsync(name, by, cancellation);
        Console.WriteLine($"All shards and the catalog are on {name}, as of version {map.Version}.");
        Console.WriteLine("What the shards were is in the data folder still: \"pinfold shard move SHARDS --back\" "
            + "returns, \"pinfold shard cleanup SHARDS\" removes it.");
        Console.WriteLine("For processes on other machines: \"pinfold topology export > topology.json\", and there "
            + "\"pinfold serve --topology topology.json\". docs/operating/grow-to-servers.md says what they share.");
        return ExitCodes.Done;
    }

    static async Task<int> RunAsync(
        IServiceProvider services, OperationPlan plan, Authorship by, CancellationToken cancellation)
    {
        var operations = services.GetRequiredService<FleetOperations>();
        var id = await operations.BeginAsync(plan, by, cancellation);
        return await OperationRun.RunAsync(operations, id, isJson: false, cancellation);
    }
}
