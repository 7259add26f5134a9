using System.CommandLine;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;

namespace Pinfold.Cli.Operation;

/// <summary><c>pinfold operation cancel ID</c>: undoes it, in this process if no other runs it.</summary>
static class OperationCancelCommand
{
    public static Command Create() => OperationVerb.Create(
        "cancel", "Undoes what an operation has done, and says what remains.", changesShards: true,
        async (operations, id, isJson, token) =>
        {
            await operations.CancelAsync(id, token);
            if ((await operations.GetAsync(id, token)).Runner is not { } runner)
                return await OperationRun.RunAsync(operations, id, isJson, token);
            Console.Error.WriteLine($"{runner}, which runs it, undoes it.");
            OperationOutput.Write(await operations.GetAsync(id, token), isJson);
            return ExitCodes.Done;
        });
}
