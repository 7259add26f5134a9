using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Operation;
using Pinfold.Sharding;
using Pinfold.Sharding.Moving;

namespace Pinfold.Cli.Shard;

/// <summary><c>pinfold shard move SHARDS --to NAME</c>: they go there while they are read and written.</summary>
static class ShardMoveCommand
{
    public static Command Create()
    {
        var options = new OperationOptions();
        var shards = ShardRangeArgument.CreateList();
        var to = new Option<string?>("--to") { Description = "The server they go to.", HelpName = "NAME" };
        var back = new Option<bool>("--back")
        {
            Description = "Back to the server that they left last, with what was written since.",
        };
        var moving = new MovingOptions();
        var command = new Command(
            "move", "Moves shards to another server, of any engine, while they are read and written.")
        {
            shards, to, back,
        };
        moving.AddTo(command);
        options.AddTo(command);
        command.SetAction((parsed, cancellation) => options.RunAsync(parsed, (services, token) =>
        {
            var moves = services.GetRequiredService<ShardMoves>();
            var limits = moving.Read(parsed);
            var which = ShardRangeArgument.ParseList(parsed.GetValue(shards)!);
            return (parsed.GetValue(to), parsed.GetValue(back)) switch
            {
                ({ } server, false) => moves.PlanMoveAsync(which, server, limits, token),
                (null, true) => moves.PlanBackAsync(which, limits, token),
                _ => throw new PinfoldException(
                    ErrorKind.Invalid, "Say where the shards go: either --to NAME, or --back."),
            };
        }, cancellation));
        return command;
    }
}
