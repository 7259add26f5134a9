using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Operation;
using Pinfold.Sharding.Operations;

namespace Pinfold.Cli.Shard;

/// <summary><c>pinfold shard open SHARDS</c>: new owners are placed there.</summary>
static class ShardOpenCommand
{
    public static Command Create()
    {
        var options = new OperationOptions();
        var range = ShardRangeArgument.Create();
        var command = new Command("open", "Has new owners placed on these shards again.") { range };
        options.AddTo(command);
        command.SetAction((parsed, cancellation) => options.RunAsync(parsed, (services, token) =>
        {
            var (first, last) = ShardRangeArgument.Parse(parsed.GetValue(range)!);
            return services.GetRequiredService<TopologyOperations>().PlanOpenAsync(
                first, last, isOpen: true, token);
        }, cancellation));
        return command;
    }
}
