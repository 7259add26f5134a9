using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Sharding.Operations;

namespace Pinfold.Cli.Operation;

/// <summary>A command about one operation.</summary>
static class OperationVerb
{
    /// <param name="name">The verb.</param>
    /// <param name="description">What it does.</param>
    /// <param name="changesShards">As in <see cref="CommandHost.LookAsync"/>.</param>
    /// <param name="run">Gets the operations, the id, and whether JSON is asked for.</param>
    public static Command Create(string name, string description, bool changesShards,
        Func<FleetOperations, string, bool, CancellationToken, Task<int>> run)
    {
        var installation = new InstallationOptions();
        var id = new Argument<string>("ID") { Description = "Which; \"pinfold operation list\" says what there is." };
        var json = OutputOption.Create();
        var command = new Command(name, description) { id, json };
        installation.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandHost.LookAsync(
            parsed, installation, (services, token) => run(
                services.GetRequiredService<FleetOperations>(), parsed.GetValue(id)!, parsed.GetValue(json), token),
            cancellation, changesShards: changesShards));
        return command;
    }
}
