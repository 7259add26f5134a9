using System.CommandLine;
using Pinfold.Cli.Running;
using Pinfold.Sharding.Topology;

namespace Pinfold.Cli.Topology;

/// <summary>
/// <c>pinfold topology check FILE</c>: reads a topology as a whole and lists every problem, with its line.
/// </summary>
static class TopologyCheckCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The topology file." };
        var command =
            new Command(
                "check", "Checks a topology file: every problem with its line, and what would be right.") { file };
        command.SetAction(async (parsed, cancellation) =>
        {
            var check = await TopologyFile.ReadAsync(parsed.GetValue(file)!.FullName, loaded: null, cancellation);
            var map = check.GetMap();
            Console.WriteLine(
                $"{parsed.GetValue(file)}: version {map.Version}, {map.ShardCount} shards on {map.Servers.Count} " +
                    "servers. No problem found.");
            return ExitCodes.Done;
        });
        return command;
    }
}
