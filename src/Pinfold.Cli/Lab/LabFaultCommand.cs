using System.CommandLine;
using Pinfold.Cli.Running;
using Pinfold.Lab.Fleet;
using Pinfold.Lab.State;

namespace Pinfold.Cli.Lab;

/// <summary><c>pinfold lab kill|pause|cut|heal NAME...</c>: what happens to servers, on purpose.</summary>
static class LabFaultCommand
{
    enum Fault { Kill, Pause, Cut, Heal }

    public static Command CreateKill() =>
        Create("kill", Fault.Kill, "Kills servers (SIGKILL); \"lab up\" starts them again.");

    public static Command CreatePause() =>
        Create("pause", Fault.Pause, "Freezes servers (SIGSTOP): they keep their connections and answer nothing.");

    public static Command CreateCut() =>
        Create("cut", Fault.Cut, "Cuts servers off: nothing arrives any more, and no connection is closed.");

    public static Command CreateHeal() =>
        Create("heal", Fault.Heal, "Undoes pause and cut.");

    static Command Create(string verb, Fault fault, string description)
    {
        var folder = LabFolderOption.Create();
        var names = new Argument<string[]>("NAME")
        {
            Description = "Which, as \"lab status\" lists them.",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command(verb, description) { names, folder };
        command.SetAction((parsed, cancellation) =>
            RunAsync(parsed.GetValue(folder)!.FullName, parsed.GetValue(names)!, fault, cancellation));
        return command;
    }

    static async Task<int> RunAsync(string folder, string[] names, Fault fault, CancellationToken cancellation)
    {
        using var lab = LabFolder.Open(folder);
        foreach (var name in names)
            lab.Get(name); // all of them, before the first
        foreach (var name in names)
            Console.WriteLine($"{name} {await BefallAsync(lab, name, fault, cancellation)}.");
        return ExitCodes.Done;
    }

    /// <summary>Gives what the server is afterwards.</summary>
    static async Task<string> BefallAsync(LabFolder lab, string name, Fault fault, CancellationToken cancellation)
    {
        switch (fault)
        {
            case Fault.Kill:
                await LabFaults.KillAsync(lab, name, cancellation);
                return "is dead";
            case Fault.Pause:
                await LabFaults.PauseAsync(lab, name, cancellation);
                return "is paused";
            case Fault.Cut:
                await LabFaults.CutAsync(lab, name, cancellation);
                return "is cut off";
            default:
                await LabFaults.HealAsync(lab, name, cancellation);
                return "is well again";
        }
    }
}
