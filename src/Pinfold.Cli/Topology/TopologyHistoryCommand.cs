using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Sharding.Catalog;
using Pinfold.Sharding.Topology;

namespace Pinfold.Cli.Topology;

/// <summary><c>pinfold topology history</c>: who changed the map, when and why.</summary>
static class TopologyHistoryCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var json = OutputOption.Create();
        var command = new Command("history", "Lists the versions of the map: who published each, and why.") { json };
        installation.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandHost.LookAsync(
            parsed, installation, async (services, token) =>
        {
            var inUse = services.GetRequiredService<ITopologySource>().Current.Version;
            var versions = (await services.GetRequiredService<TopologyHistory>().ListAsync(1000, token))
                .Select(v => new ListedTopology(
                    v.Map.Version, v.At, v.By.Who, v.By.Why, v.By.Operation, v.Map.Version == inUse)).ToArray();
            if (parsed.GetValue(json))
                OutputOption.WriteJson(versions, CliJson.Default.ListedTopologyArray);
            else if (versions.Length == 0)
                Console.WriteLine($"Version {inUse} is in use; the catalog has no other yet.");
            else
                OutputOption.WriteTable(["version", "published", "who", "why", "operation"], versions.Select(v =>
                    (string[])
                    [
                        v.IsInUse ? $"{v.Version} (in use)" : $"{v.Version}",
                        Moment.Of(v.At), v.Who,
                        v.Why, v.Operation ?? "",
                    ]));
            return ExitCodes.Done;
        }, cancellation));
        return command;
    }
}
