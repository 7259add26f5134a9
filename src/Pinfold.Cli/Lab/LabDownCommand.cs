using System.CommandLine;
using Pinfold.Cli.Running;
using Pinfold.Lab.Fleet;

namespace Pinfold.Cli.Lab;

/// <summary><c>pinfold lab down</c>: ends what the lab has started.</summary>
static class LabDownCommand
{
    public static Command Create()
    {
        var folder = LabFolderOption.Create();
        var delete = new Option<bool>("--delete") { Description = "Also delete its folder, with all that is in it." };
        var command = new Command("down", "Ends the processes of a lab; its data stays, for the next \"lab up\".")
        {
            delete, folder,
        };
        command.SetAction((parsed, cancellation) =>
            RunAsync(parsed.GetValue(folder)!.FullName, parsed.GetValue(delete), cancellation));
        return command;
    }

    static async Task<int> RunAsync(string folder, bool deletes, CancellationToken cancellation)
    {
        var ended = await LabFleet.DownAsync(folder, deletes, cancellation);
        var what = ended switch
        {
            0 => "Nothing of it ran",
            1 => "1 process has ended",
            _ => $"{ended} processes have ended",
        };
        Console.WriteLine(deletes ? $"{what}, and {folder} is gone." : $"{what}.");
        return ExitCodes.Done;
    }
}
