using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Operation;
using Pinfold.Cli.Shard;
using Pinfold.Sharding.Moving;

namespace Pinfold.Cli.Server;

/// <summary><c>pinfold server drain NAME</c>: all of its shards go to others.</summary>
static class ServerDrainCommand
{
    public static Command Create()
    {
        var options = new OperationOptions();
        var moving = new MovingOptions();
        var name = new Argument<string>("NAME") { Description = "Which." };
        var to = new Option<string[]>("--to")
        {
            Description = "Where its shards go, once or more; all other servers unless named.",
            HelpName = "NAME",
            DefaultValueFactory = _ => [],
        };
        var command = new Command(
            "drain", "Moves all shards of a server to others, so that each gets about as many bytes.") { name, to };
        moving.AddTo(command);
        options.AddTo(command);
        command.SetAction((parsed, cancellation) => options.RunAsync(parsed, (services, token) =>
            services.GetRequiredService<ShardMoves>().PlanDrainAsync(
                parsed.GetValue(name)!, parsed.GetValue(to)!, moving.Read(parsed), token), cancellation));
        return command;
    }
}
