using System.CommandLine;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Running;
using Pinfold.Sharding.Catalog;
using Pinfold.Sharding.Topology;

namespace Pinfold.Cli.Topology;

/// <summary><c>pinfold topology export</c>: the map as a file, for other machines or to be changed by hand.</summary>
static class TopologyExportCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var version = new Option<long?>("--version-number")
        {
            Description = "Which version; without it, the one in use.",
            HelpName = "NUMBER",
        };
        var command = new Command("export", "Writes the map as a topology file to stdout.") { version };
        installation.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandHost.LookAsync(
            parsed, installation, async (services, token) =>
        {
            var map = parsed.GetValue(version) is { } number
                ? (await services.GetRequiredService<TopologyHistory>().GetAsync(number, token)).Map
                : services.GetRequiredService<ITopologySource>().Current;
            Console.Write(Encoding.UTF8.GetString(map.ToJson().Span));
            return ExitCodes.Done;
        }, cancellation));
        return command;
    }
}
