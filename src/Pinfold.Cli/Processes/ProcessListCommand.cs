using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Sharding.Catalog;

namespace Pinfold.Cli.Processes;

/// <summary><c>pinfold process list</c>: who serves, which program each is, and which map it uses.</summary>
static class ProcessListCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var json = OutputOption.Create();
        var command = new Command(
            "list", "Lists the processes that serve: which program each is, and which map it uses.") { json };
        installation.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandHost.LookAsync(
            parsed, installation, async (services, token) =>
        {
            var processes = (await services.GetRequiredService<FleetProcesses>().ListAsync(token))
                .Select(p => new ListedProcess(
                    p.Name, p.Version, p.FormatMin, p.FormatMax, p.TopologyVersion, p.BegunAt)).ToArray();
            if (parsed.GetValue(json))
                OutputOption.WriteJson(processes, CliJson.Default.ListedProcessArray);
            else if (processes.Length == 0)
                Console.WriteLine("No process has told the catalog that it serves.");
            else
                OutputOption.WriteTable(["process", "program", "table formats", "map", "since"], processes.Select(p =>
                    (string[])
                    [
                        p.Name, p.Version,
                        p.FormatMin == p.FormatMax ? $"{p.FormatMax}" : $"{p.FormatMin}-{p.FormatMax}",
                        $"version {p.TopologyVersion}",
                        Moment.Of(p.BegunAt),
                    ]));
            return ExitCodes.Done;
        }, cancellation));
        return command;
    }
}
