using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Operation;
using Pinfold.Sharding.Operations;

namespace Pinfold.Cli.Shard;

/// <summary><c>pinfold shard close SHARDS</c>: no new owner is placed there.</summary>
static class ShardCloseCommand
{
    public static Command Create()
    {
        var options = new OperationOptions();
        var range = ShardRangeArgument.Create();
        var command = new Command(
            "close", "Has no new owner placed on these shards; those that are there write as before.") { range };
        options.AddTo(command);
        command.SetAction((parsed, cancellation) => options.RunAsync(parsed, (services, token) =>
        {
            var (first, last) = ShardRangeArgument.Parse(parsed.GetValue(range)!);
            return services.GetRequiredService<TopologyOperations>().PlanOpenAsync(
                first, last, isOpen: false, token);
        }, cancellation));
        return command;
    }
}
