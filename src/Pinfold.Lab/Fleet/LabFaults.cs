using Pinfold.Lab.Processes;
using Pinfold.Lab.Relays;
using Pinfold.Lab.State;
using Pinfold.Sharding;

namespace Pinfold.Lab.Fleet;

/// <summary>What happens to servers, on purpose.</summary>
public static class LabFaults
{
    static readonly TimeSpan SignalMax = TimeSpan.FromSeconds(10);

    /// <summary>A server ends as by a power cut (SIGKILL): nothing is flushed, nobody is told.</summary>
    /// <exception cref="PinfoldException">NotFound: there is no such server. Conflict: it has ended.</exception>
    public static async Task KillAsync(LabFolder lab, string name, CancellationToken cancellation)
    {
        var process = Running(lab.Get(name));
        process.Send(ProcessSignal.Kill);
        await AwaitedAsync(process.EndsWithinAsync(SignalMax, cancellation), name);
    }

    /// <summary>A server hangs (SIGSTOP): its connections stay, and nothing answers.</summary>
    /// <inheritdoc cref="KillAsync" path="/exception"/>
    public static async Task PauseAsync(LabFolder lab, string name, CancellationToken cancellation)
    {
        var process = Running(lab.Get(name));
        process.Send(ProcessSignal.Stop);
        await AwaitedAsync(process.PausesWithinAsync(true, SignalMax, cancellation), name);
    }

    /// <summary>
    /// The network to a server goes, and its own to others: nothing arrives, and nothing is closed.
    /// </summary>
    /// <inheritdoc cref="KillAsync" path="/exception"/>
    public static Task CutAsync(LabFolder lab, string name, CancellationToken cancellation)
    {
        Running(lab.Get(name));
        return SetCutAsync(lab, name, isCut: true, cancellation);
    }

    /// <summary>Undoes a pause and a cut.</summary>
    /// <inheritdoc cref="KillAsync" path="/exception"/>
    public static async Task HealAsync(LabFolder lab, string name, CancellationToken cancellation)
    {
        var process = Running(lab.Get(name));
        process.Send(ProcessSignal.Continue);
        await AwaitedAsync(process.PausesWithinAsync(false, SignalMax, cancellation), name);
        await SetCutAsync(lab, name, isCut: false, cancellation);
    }

    static async Task SetCutAsync(LabFolder lab, string name, bool isCut, CancellationToken cancellation)
    {
        lab.Change(name, server => server with { IsCut = isCut });
        lab.Change(state => state with { Revision = state.Revision + 1 });
        await LabRelay.TellAsync(lab, cancellation);
    }

    static ProcessIdentity Running(LabServer server) => server.HasProcess() ? server.Process!
        : throw new PinfoldException(ErrorKind.Conflict,
            $"{server.Name} is dead: \"pinfold lab up\" starts it again.");

    static async Task AwaitedAsync(Task<bool> isDone, string name)
    {
        if (!await isDone)
            throw new PinfoldException(ErrorKind.Unavailable, $"The process of {name} does not heed its signal.");
    }
}
