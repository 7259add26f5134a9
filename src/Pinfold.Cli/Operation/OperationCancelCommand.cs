using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Sharding.Operations;

namespace Pinfold.Cli.Operation;

/// <summary><c>pinfold operation cancel ID</c>: undoes it, in this process if no other runs it.</summary>
static class OperationCancelCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var id = new Argument<string>("ID") { Description = "Which; \"pinfold operation list\" says what there is." };
        var json = OutputOption.Create();
        var command = new Command("cancel", "Undoes what an operation has done, and says what remains.") { id, json };
        installation.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandHost.LookAsync(
            parsed, installation, async (services, token) =>
        {
            var operations = services.GetRequiredService<FleetOperations>();
            var which = parsed.GetValue(id)!;
            await operations.CancelAsync(which, token);
            if ((await operations.GetAsync(which, token)).Runner is not { } runner)
                return await OperationRun.RunAsync(operations, which, parsed.GetValue(json), token);
            Console.Error.WriteLine($"{runner}, which runs it, undoes it.");
            OperationOutput.Write(await operations.GetAsync(which, token), parsed.GetValue(json));
            return ExitCodes.Done;
        }, cancellation, changesShards: true));
        return command;
    }
}
