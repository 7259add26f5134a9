using System.CommandLine;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;

namespace Pinfold.Cli.Operation;

/// <summary><c>pinfold operation show ID</c>: its steps, how far each is, and what failed.</summary>
static class OperationShowCommand
{
    public static Command Create() => OperationVerb.Create(
        "show", "Shows how far an operation is, step by step.", changesShards: false,
        async (operations, id, isJson, token) =>
        {
            OperationOutput.Write(await operations.GetAsync(id, token), isJson);
            return ExitCodes.Done;
        });
}
