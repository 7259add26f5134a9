using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Operation;
using Pinfold.Cli.Running;
using Pinfold.Sharding.Catalog;
using Pinfold.Sharding.Moving;

namespace Pinfold.Cli.Catalog;

/// <summary><c>pinfold catalog move --to NAME</c>: another server keeps versions and operations from then on.</summary>
static class CatalogMoveCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var to = new Option<string>("--to")
        {
            Description = "A server of the map.",
            HelpName = "NAME",
            Required = true,
        };
        var command = new Command(
            "move", "Takes the catalog, with its history, to another server; every process follows.") { to };
        installation.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandHost.LookAsync(
            parsed, installation, async (services, token) =>
            {
                var name = parsed.GetValue(to)!;
                var map = await services.GetRequiredService<CatalogMove>().MoveAsync(
                    name, new Authorship(Caller.Name, $"the catalog moves to {name}"), token);
                Console.WriteLine($"The catalog is on {name}, as of version {map.Version}.");
                return ExitCodes.Done;
            }, cancellation, changesShards: true));
        return command;
    }
}
