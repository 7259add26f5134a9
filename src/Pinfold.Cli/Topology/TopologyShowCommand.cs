using System.CommandLine;
using System.Text;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;

namespace Pinfold.Cli.Topology;

/// <summary><c>pinfold topology show</c>: draws the map that an installation uses.</summary>
static class TopologyShowCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var json = OutputOption.Create();
        var command = new Command("show", "Draws the map: which server has which shards.") { json };
        installation.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var opened = await CommandHost.OpenInstallationAsync(parsed, installation, cancellation);
            var map = opened.Topology.Current;
            if (parsed.GetValue(json))
                Console.WriteLine(Encoding.UTF8.GetString(map.ToJson().Span));
            else
                Console.WriteLine(map.Draw());
            return ExitCodes.Done;
        });
        return command;
    }
}
