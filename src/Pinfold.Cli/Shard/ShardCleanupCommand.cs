using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Operation;
using Pinfold.Sharding.Moving;

namespace Pinfold.Cli.Shard;

/// <summary><c>pinfold shard cleanup SHARDS</c>: nothing is left of them where they were before.</summary>
static class ShardCleanupCommand
{
    public static Command Create()
    {
        var options = new OperationOptions();
        var shards = ShardRangeArgument.CreateList();
        var command = new Command(
            "cleanup", "Removes what moved shards left on the servers they were on; then there is no way back.")
        {
            shards,
        };
        options.AddTo(command);
        command.SetAction((parsed, cancellation) => options.RunAsync(parsed, (services, token) =>
            services.GetRequiredService<ShardMoves>().PlanCleanupAsync(
                ShardRangeArgument.ParseList(parsed.GetValue(shards)!), token), cancellation));
        return command;
    }
}
