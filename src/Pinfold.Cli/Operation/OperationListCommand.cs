using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Sharding.Operations;

namespace Pinfold.Cli.Operation;

/// <summary><c>pinfold operation list</c>: what is under way, and what was done.</summary>
static class OperationListCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var json = OutputOption.Create();
        var all = new Option<bool>("--all") { Description = "Also those that are done or were cancelled." };
        var limit = new Option<int>("--limit")
        {
            Description = "At most so many.",
            DefaultValueFactory = _ => 100,
            HelpName = "NUMBER",
        };
        var command = new Command("list", "Lists the operations that are under way, the newest first.")
        {
            all, limit, json,
        };
        installation.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandHost.LookAsync(
            parsed, installation, async (services, token) =>
        {
            OperationOutput.Write(
                await services.GetRequiredService<FleetOperations>().ListAsync(
                    parsed.GetValue(all), LimitOption.Checked(parsed.GetValue(limit)), token),
                parsed.GetValue(json));
            return ExitCodes.Done;
        }, cancellation));
        return command;
    }
}
