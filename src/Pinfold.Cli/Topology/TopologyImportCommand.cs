using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Operation;
using Pinfold.Cli.Running;
using Pinfold.Pinboard.Redis;
using Pinfold.Sharding.Catalog;
using Pinfold.Sharding.Topology;

namespace Pinfold.Cli.Topology;

/// <summary><c>pinfold topology import FILE</c>: puts what a file says in use for all processes.</summary>
static class TopologyImportCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var file = new Argument<FileInfo>("FILE") { Description = "The topology file; its version is not looked at." };
        var why = new Option<string>("--why")
        {
            Description = "Why, for whoever reads the history later.",
            DefaultValueFactory = _ => "",
            HelpName = "TEXT",
        };
        var command = new Command(
            "import", "Puts what a file says in use for all processes, as the next version. It moves no data.")
        {
            file, why,
        };
        installation.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandHost.LookAsync(
            parsed, installation, async (services, token) =>
        {
            var path = parsed.GetValue(file)!.FullName;
            var map = (await TopologyFile.ReadAsync(path, loaded: null, token)).GetMap();
            RedisRole.RefuseUnknown(map);
            var before = services.GetRequiredService<ITopologySource>().Current;
            var text = parsed.GetValue(why)!;
            var after = await services.GetRequiredService<TopologyHistory>().PublishAsync(
                map, new Authorship(Caller.Name, text.Length == 0 ? $"imported {path}" : text), token);
            Console.WriteLine(after.Version == before.Version
                ? $"Version {before.Version}, which is in use, says the same: nothing was changed."
                : $"Version {after.Version} is in use.");
            return ExitCodes.Done;
        }, cancellation, changesShards: true));
        return command;
    }
}
