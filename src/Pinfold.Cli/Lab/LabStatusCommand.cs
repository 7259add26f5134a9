using System.CommandLine;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Lab.Fleet;
using Pinfold.Lab.State;

namespace Pinfold.Cli.Lab;

/// <summary><c>pinfold lab status</c>: how each server is, and each replica.</summary>
static class LabStatusCommand
{
    public static Command Create()
    {
        var folder = LabFolderOption.Create();
        var json = OutputOption.Create();
        var command = new Command("status", "Shows each server: what it is, whether it runs, how far behind it is.")
        {
            folder, json,
        };
        command.SetAction((parsed, cancellation) =>
            RunAsync(parsed.GetValue(folder)!.FullName, parsed.GetValue(json), cancellation));
        return command;
    }

    static async Task<int> RunAsync(string folder, bool isJson, CancellationToken cancellation)
    {
        using var lab = LabFolder.Look(folder);
        LabOutput.Write(lab, await LabStatus.ReadAsync(lab, cancellation), isJson);
        return ExitCodes.Done;
    }
}
