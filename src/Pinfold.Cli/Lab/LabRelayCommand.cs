using System.CommandLine;
using Pinfold.Cli.Running;
using Pinfold.Lab.Relays;

namespace Pinfold.Cli.Lab;

/// <summary><c>pinfold lab relay</c>: the process that "lab up" starts before the servers; people do not.</summary>
static class LabRelayCommand
{
    public const string Verb = "relay";

    public static Command Create()
    {
        var folder = LabFolderOption.Create();
        var command = new Command(Verb, "Hands on what is sent to the servers of a lab.") { folder };
        command.Hidden = true;
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(folder)!.FullName, cancellation));
        return command;
    }

    static async Task<int> RunAsync(string folder, CancellationToken cancellation)
    {
        try
        {
            await new LabRelay(folder).RunAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            // "lab down" asked it to end.
        }
        return ExitCodes.Done;
    }
}
