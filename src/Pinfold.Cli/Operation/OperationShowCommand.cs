using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Sharding.Operations;

namespace Pinfold.Cli.Operation;

/// <summary><c>pinfold operation show ID</c>: its steps, how far each is, and what failed.</summary>
static class OperationShowCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var id = new Argument<string>("ID") { Description = "Which; \"pinfold operation list\" says what there is." };
        var json = OutputOption.Create();
        var command = new Command("show", "Shows how far an operation is, step by step.") { id, json };
        installation.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandHost.LookAsync(
            parsed, installation, async (services, token) =>
        {
            var operations = services.GetRequiredService<FleetOperations>();
            var which = parsed.GetValue(id)!;
            OperationOutput.Write(await operations.GetAsync(which, token), parsed.GetValue(json));
            return ExitCodes.Done;
        }, cancellation, changesShards: false));
        return command;
    }
}
