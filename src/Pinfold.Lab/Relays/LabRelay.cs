using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Pinfold.Lab.Processes;
using Pinfold.Lab.State;
using Pinfold.Sharding;

namespace Pinfold.Lab.Relays;

/// <summary>
/// The network of a lab: one process that stands before all its servers, reads from the lab's file which of them are
/// cut, reads it again on SIGHUP, and says by a file of its own which revision it has taken up.
/// </summary>
public sealed class LabRelay(string labFolder)
{
    /// <summary>The folder of its log and of what it says.</summary>
    public const string FolderName = "relay";

    const string AppliedName = "applied";
    static readonly TimeSpan ApplyMax = TimeSpan.FromSeconds(20);
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    readonly Dictionary<string, RelayedPort> _ports = [];

    /// <summary>Runs until it is told to end.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var asked = new SemaphoreSlim(1); // the first time without being asked
        using var registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            asked.Release();
        });
        while (true)
        {
            await asked.WaitAsync(cancellation);
            Apply(LabFolder.Look(labFolder), cancellation);
        }
    }

    /// <summary>What a relay that starts may not find from the one before it.</summary>
    public static void Forget(LabFolder lab) => File.Delete(AppliedPath(lab));

    /// <summary>Tells the relay that something changed, and waits until it has taken it up.</summary>
    /// <exception cref="PinfoldException">Unavailable: it is not there, or cannot do what it should.</exception>
    public static async Task TellAsync(LabFolder lab, CancellationToken cancellation)
    {
        if (lab.State.Relay?.Send(ProcessSignal.HangUp) != true)
            throw new PinfoldException(ErrorKind.Unavailable,
                "The lab's relay, through which its servers are reached, has ended: \"pinfold lab up\" starts it.");
        await AwaitedAsync(lab, () => IsApplied(lab), cancellation);
    }

    /// <summary>Waits until a relay that was just started has its ports.</summary>
    /// <inheritdoc cref="TellAsync" path="/exception"/>
    public static Task StartedAsync(LabFolder lab, CancellationToken cancellation) =>
        AwaitedAsync(lab, () => File.Exists(AppliedPath(lab)), cancellation);

    static async Task AwaitedAsync(LabFolder lab, Func<bool> isSo, CancellationToken cancellation)
    {
        var waited = Stopwatch.StartNew();
        while (!isSo())
        {
            if (!lab.State.HasRelay() || waited.Elapsed > ApplyMax)
                throw new PinfoldException(ErrorKind.Unavailable, "The lab's relay, through which its servers are "
                    + $"reached, does not work; the end of its log:\n{ServerLaunch.ReadLog(lab[FolderName])}");
            await Task.Delay(PollInterval, cancellation);
        }
    }

    static bool IsApplied(LabFolder lab)
    {
        var lines = File.ReadAllLines(AppliedPath(lab));
        if (lines[0] != Text(lab.State.Revision))
            return false;
        return lines.Length == 1 ? true : throw new PinfoldException(ErrorKind.Unavailable, lines[1]);
    }

    static string AppliedPath(LabFolder lab) => Path.Combine(lab[FolderName], AppliedName);

    void Apply(LabFolder lab, CancellationToken cancellation)
    {
        var problem = "";
        foreach (var server in lab.State.Servers)
            try
            {
                if (_ports.TryGetValue(server.Name, out var port))
                    port.Apply(lab.State);
                else
                    _ports.Add(server.Name, new RelayedPort(server, lab.State, cancellation));
            }
            catch (SocketException e)
            {
                problem = $"Port {server.Port}, at which {server.Name} is to be reached, cannot be had: {e.Message}.";
            }
        lab.WriteOwn(Path.Combine(FolderName, AppliedName), $"{Text(lab.State.Revision)}\n{problem}".TrimEnd());
    }

    static string Text(int revision) => revision.ToString(CultureInfo.InvariantCulture);
}
