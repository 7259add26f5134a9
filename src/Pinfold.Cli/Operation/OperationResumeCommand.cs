using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Sharding.Operations;

namespace Pinfold.Cli.Operation;

/// <summary><c>pinfold operation resume ID</c>: runs it from where it stands, in this process.</summary>
static class OperationResumeCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var id = new Argument<string>("ID") { Description = "Which; \"pinfold operation list\" says what there is." };
        var json = OutputOption.Create();
        var command = new Command(
            "resume", "Goes on with an operation that was paused, that failed, or whose process died.") { id, json };
        installation.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandHost.LookAsync(
            parsed, installation, async (services, token) =>
        {
            var operations = services.GetRequiredService<FleetOperations>();
            var which = parsed.GetValue(id)!;
            return await OperationRun.RunAsync(operations, which, parsed.GetValue(json), token);
        }, cancellation, changesShards: true));
        return command;
    }
}
