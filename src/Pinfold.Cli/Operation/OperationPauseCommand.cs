using System.CommandLine;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;

namespace Pinfold.Cli.Operation;

/// <summary><c>pinfold operation pause ID</c>: asks whoever runs it to stop.</summary>
static class OperationPauseCommand
{
    public static Command Create() => OperationVerb.Create(
        "pause", "Has an operation stop where it can be gone on with.", changesShards: true,
        async (operations, id, isJson, token) =>
        {
            await operations.PauseAsync(id, token);
            var asked = await operations.GetAsync(id, token);
            Console.Error.WriteLine(asked.Runner is { } runner
                ? $"{runner}, which runs it, stops within seconds."
                : "Nobody runs it.");
            OperationOutput.Write(asked, isJson);
            return ExitCodes.Done;
        });
}
