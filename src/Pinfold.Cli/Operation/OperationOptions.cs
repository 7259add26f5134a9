using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Sharding.Catalog;
using Pinfold.Sharding.Operations;

namespace Pinfold.Cli.Operation;

/// <summary>What every command that changes the fleet takes, and how its operation is shown and run.</summary>
sealed class OperationOptions
{
    readonly InstallationOptions _installation = new();
    readonly Option<bool> _json = OutputOption.Create();

    readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "Only show what would be done, step by step.",
    };

    readonly Option<string> _why = new("--why")
    {
        Description = "Why, for whoever reads the history later.",
        DefaultValueFactory = _ => "",
        HelpName = "TEXT",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_dryRun);
        command.Options.Add(_why);
        command.Options.Add(_json);
        _installation.AddTo(command);
    }

    /// <summary>Plans an operation, and begins and runs it, or shows it alone.</summary>
    public Task<int> RunAsync(ParseResult parsed, Func<IServiceProvider, CancellationToken, Task<OperationPlan>> plan,
        CancellationToken cancellation) => CommandHost.LookAsync(
            parsed, _installation, async (services, token) =>
        {
            var planned = await plan(services, token);
            if (parsed.GetValue(_dryRun) || planned.Steps.Count == 0)
            {
                OperationOutput.Write(planned, parsed.GetValue(_json));
                return ExitCodes.Done;
            }
            var operations = services.GetRequiredService<FleetOperations>();
            var id = await operations.BeginAsync(
                planned, new Authorship(Caller.Name, parsed.GetValue(_why)!), token);
            return await OperationRun.RunAsync(operations, id, parsed.GetValue(_json), token);
        }, cancellation, changesShards: true);
}
