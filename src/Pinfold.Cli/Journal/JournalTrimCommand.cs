using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Operation;
using Pinfold.Sharding;
using Pinfold.Sharding.Operations;
using Pinfold.Sharding.Retention;
using Pinfold.Sharding.Topology;

namespace Pinfold.Cli.Journal;

/// <summary><c>pinfold journal trim</c>: has what nobody needs of the journals go.</summary>
static class JournalTrimCommand
{
    public static Command Create()
    {
        var (options, journals) = (new OperationOptions(), new JournalOptions());
        var command = new Command(
            "trim", "Removes what is old of the journals, every follower has passed, and nobody has parked.");
        journals.AddTo(command);
        options.AddTo(command);
        command.SetAction((parsed, cancellation) => options.RunAsync(parsed, async (services, token) =>
        {
            var map = await services.GetRequiredService<ITopologySource>().RefreshAsync(token);
            var shards = journals.Shards(parsed, map);
            // Shards that somebody names are refused while an operation changes them; of all, these are left out.
            var busy = journals.NamesShards(parsed) ? new Dictionary<ShardId, string>()
                : (await services.GetRequiredService<FleetOperations>().FindClaimedShardsAsync(token))
                    .Where(claim => shards.Contains(claim.Key)).ToDictionary();
            return await services.GetRequiredService<JournalTrims>().PlanAsync(
                shards, journals.Retention(parsed), busy, token);
        }, cancellation));
        return command;
    }
}
