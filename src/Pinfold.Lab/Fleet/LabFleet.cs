using Pinfold.Lab.Processes;
using Pinfold.Lab.State;
using Pinfold.Sharding;

namespace Pinfold.Lab.Fleet;

/// <summary>A real fleet on one machine: brought up, and ended.</summary>
public static class LabFleet
{
    static readonly TimeSpan EndsMax = TimeSpan.FromSeconds(30), KillsMax = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Begins a lab in a folder, or starts what of it does not run; what runs is left alone. Its topology is written
    /// when there is none.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="wish">What it should have.</param>
    /// <param name="relayCommand">Program and arguments that run the lab's relay.</param>
    /// <param name="cancellation">What was started goes on; the next start finds it.</param>
    /// <returns>The servers that were added to a topology that was there.</returns>
    /// <exception cref="PinfoldException">Unavailable: a program is missing, the disk is full, a port is taken, or
    /// something did not start. Conflict: the folder holds something else, or a lab of another kind.</exception>
    public static async Task<IReadOnlyList<LabServer>> UpAsync(
        string path, LabWish wish, IReadOnlyList<string> relayCommand, CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux())
            throw new PinfoldException(ErrorKind.Unavailable, "A lab runs on Linux alone.");
        if (!File.Exists(Path.Combine(path, LabFolder.StateName)))
            await LabPrograms.FindAsync(wish.Begin(), ""); // what is missing is told before a folder is made
        using var lab = LabFolder.OpenOrBegin(path, wish.Begin);
        var (before, grown) = (lab.State, wish.Grow(lab.State));
        var programs = await LabPrograms.FindAsync(grown, lab.Password);
        lab.Change(_ => grown);
        await new LabStart(lab, programs).RunAsync(relayCommand, cancellation);
        if (File.Exists(lab.TopologyPath))
            return [.. lab.State.Servers.Where(s => before.Servers.All(old => old.Name != s.Name))];
        LabTopology.Write(lab);
        return [];
    }

    /// <summary>Ends every process of a lab, and no other; gives how many there were.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="deletes">Also the folder goes, with all that is in it.</param>
    /// <param name="cancellation">What goes on is ended by the next call.</param>
    /// <exception cref="PinfoldException">NotFound: there is no lab. Conflict: another command works on it.</exception>
    public static async Task<int> DownAsync(string path, bool deletes, CancellationToken cancellation)
    {
        using var lab = LabFolder.Open(path);
        var ended = await Task.WhenAll(
            lab.State.Servers.Select(server => EndAsync(server.Process, cancellation)));
        var relay = await EndAsync(lab.State.Relay, cancellation);
        if (deletes)
            lab.Delete();
        else
            lab.Change(state => state with
            {
                Relay = null,
                Servers = [.. state.Servers.Select(server => server with { Process = null, IsCut = false })],
            });
        return ended.Append(relay).Count(was => was);
    }

    /// <summary>Asks a process to end, and then ends it; false when it had ended before.</summary>
    static async Task<bool> EndAsync(ProcessIdentity? process, CancellationToken cancellation)
    {
        if (process?.Send(ProcessSignal.Terminate) != true)
            return false;
        process.Send(ProcessSignal.Continue); // or one that is paused would not hear of it
        if (await process.EndsWithinAsync(EndsMax, cancellation))
            return true;
        process.Send(ProcessSignal.Kill);
        return await process.EndsWithinAsync(KillsMax, cancellation) ? true : throw new PinfoldException(
            ErrorKind.Unavailable, $"Process {process.Id} does not end.");
    }
}
