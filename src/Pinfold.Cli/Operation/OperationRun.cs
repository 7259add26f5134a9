using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Sharding;
using Pinfold.Sharding.Operations;

namespace Pinfold.Cli.Operation;

/// <summary>Runs an operation in this process, with a bar, and says what became of it.</summary>
static class OperationRun
{
    public static async Task<int> RunAsync(
        FleetOperations operations, string id, bool isJson, CancellationToken cancellation)
    {
        Console.Error.WriteLine($"Operation {id} is run here; Ctrl-C pauses it.");
        OperationStatus end;
        try
        {
            end = await OperationProgress.RunAsync(
                progress => operations.RunAsync(id, progress, cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Console.Error.WriteLine(
                $"It is paused. \"pinfold operation resume {id}\" goes on, \"pinfold operation cancel {id}\" "
                + "undoes it.");
            return ExitCodes.Interrupted;
        }
        catch (PinfoldException e) when (e.Kind != ErrorKind.NotFound)
        {
            Console.Error.WriteLine(e.Message);
            Console.Error.WriteLine($"\"pinfold operation show {id}\" says how far it is.");
            return ExitCodes.Of(e.Kind);
        }
        // What came at the end of it is of the ledger's clock.
        OperationOutput.Write(await operations.GetAsync(end.Id, CancellationToken.None), isJson);
        return end.State switch
        {
            OperationState.Done or OperationState.Cancelled => ExitCodes.Done,
            _ => ExitCodes.Interrupted,
        };
    }
}
