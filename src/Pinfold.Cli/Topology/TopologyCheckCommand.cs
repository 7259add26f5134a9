using System.CommandLine;
using Pinfold.Cli.Running;
using Pinfold.Pinboard;
using Pinfold.Pinboard.Redis;
using Pinfold.Sharding.Hosting;
using Pinfold.Sharding.Provisioning;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Topology;

namespace Pinfold.Cli.Topology;

/// <summary>
/// <c>pinfold topology check FILE</c>: reads a topology as a whole and lists every problem, with its line. With
/// <c>--servers</c> it also asks the servers whether they are set for their shards.
/// </summary>
static class TopologyCheckCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The topology file." };
        var servers = new Option<bool>("--servers")
        {
            Description = "Also asks each MySQL server whether its table cache and open files suffice for its shards.",
        };
        var command = new Command(
            "check", "Checks a topology file: every problem with its line, and what would be right.") { file, servers };
        command.SetAction(async (parsed, cancellation) =>
        {
            var check = await TopologyFile.ReadAsync(parsed.GetValue(file)!.FullName, loaded: null, cancellation);
            var map = check.GetMap();
            RedisRole.RefuseUnknown(map);
            Console.WriteLine(
                $"{parsed.GetValue(file)}: version {map.Version}, {map.ShardCount} shards on {map.Servers.Count} " +
                    "servers. No problem found.");
            return parsed.GetValue(servers) ? await AskServersAsync(map, cancellation) : ExitCodes.Done;
        });
        return command;
    }

    static async Task<int> AskServersAsync(TopologyMap map, CancellationToken cancellation)
    {
        await using var store = await ShardedStore.OpenAsync(PinboardModel.Sharding, shards => shards
            .UseTopology(new FixedTopologySource(map)).Configure(options => options.FollowJournal = false));
        var rooms = await new ServerRoomReader(store).ReadAsync(cancellation);
        foreach (var room in rooms)
            if (room.Problem is { } problem)
                Console.WriteLine($"{room.Server}: {problem}");
            else if (room.TooSmall.Count == 0)
                Console.WriteLine($"{room.Server}: set for the {room.Shards} shards of this topology.");
            else
                foreach (var setting in room.TooSmall)
                    Console.WriteLine($"{room.Server}: {setting}.");
        return rooms.Any(room => room.Problem is not null) ? ExitCodes.Unavailable
            : rooms.Any(room => room.TooSmall.Count > 0) ? ExitCodes.Wrong : ExitCodes.Done;
    }
}
