using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Operation;
using Pinfold.Sharding.Operations;

namespace Pinfold.Cli.Server;

/// <summary><c>pinfold server remove NAME</c>: takes a server that has no shards out of the map.</summary>
static class ServerRemoveCommand
{
    public static Command Create()
    {
        var options = new OperationOptions();
        var name = new Argument<string>("NAME") { Description = "Which." };
        var command = new Command("remove", "Takes a server that has no shards out of the map.") { name };
        options.AddTo(command);
        command.SetAction((parsed, cancellation) => options.RunAsync(parsed, (services, token) =>
            services.GetRequiredService<TopologyOperations>().PlanRemoveAsync(parsed.GetValue(name)!, token),
            cancellation));
        return command;
    }
}
