using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Sharding.Operations;

namespace Pinfold.Cli.Operation;

/// <summary><c>pinfold operation pause ID</c>: asks whoever runs it to stop.</summary>
static class OperationPauseCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var id = new Argument<string>("ID") { Description = "Which; \"pinfold operation list\" says what there is." };
        var json = OutputOption.Create();
        var command = new Command("pause", "Has an operation stop where it can be gone on with.") { id, json };
        installation.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandHost.LookAsync(
            parsed, installation, async (services, token) =>
        {
            var operations = services.GetRequiredService<FleetOperations>();
            var which = parsed.GetValue(id)!;
            await operations.PauseAsync(which, token);
            var asked = await operations.GetAsync(which, token);
            Console.Error.WriteLine(asked.Runner is { } runner
                ? $"{runner}, which runs it, stops within seconds."
                : "Nobody runs it.");
            OperationOutput.Write(asked, parsed.GetValue(json));
            return ExitCodes.Done;
        }, cancellation, changesShards: true));
        return command;
    }
}
