using System.Diagnostics;
using Pinfold.Lab.Processes;
using Pinfold.Lab.Programs;
using Pinfold.Lab.Relays;
using Pinfold.Lab.Replication;
using Pinfold.Lab.State;
using Pinfold.Sharding;

namespace Pinfold.Lab.Fleet;

/// <summary>Starts what of a lab does not run, each on its own data and its own ports.</summary>
sealed class LabStart(LabFolder lab, LabPrograms programs)
{
    const int StartsMax = 3;
    const int LogLinesShown = 3;
    const long BytesPerDatabase = 200L << 20;
    static readonly TimeSpan ReplicatesMax = TimeSpan.FromSeconds(30), KilledMax = TimeSpan.FromSeconds(10);
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <param name="relayCommand">Program and arguments that run the lab's relay.</param>
    /// <param name="cancellation">What was started goes on; the next start finds it.</param>
    /// <exception cref="PinfoldException">Unavailable: something did not start; it says what, and where its log
    /// is.</exception>
    public async Task RunAsync(IReadOnlyList<string> relayCommand, CancellationToken cancellation)
    {
        CheckRoom();
        await EndUnmadeAsync(cancellation);
        TakePorts();
        var missing = lab.State.Servers.Where(server => !server.HasProcess()).ToList();
        await Task.WhenAll([StartRelayAsync(relayCommand, cancellation),
            .. missing.Select(server => StartAsync(server, cancellation))]);
        await TellRelayAsync(cancellation);
        await Task.WhenAll(lab.State.OfKind(LabKind.Database).Select(server => SettleAsync(server, cancellation)));
    }

    /// <summary>What an interrupted start has left half made is made anew.</summary>
    async Task EndUnmadeAsync(CancellationToken cancellation)
    {
        foreach (var server in lab.State.Servers.Where(s => !s.IsMade && s.HasProcess()))
        {
            server.Process!.Send(ProcessSignal.Kill);
            await server.Process.EndsWithinAsync(KilledMax, cancellation);
        }
    }

    Task TellRelayAsync(CancellationToken cancellation)
    {
        lab.Change(state => state with { Revision = state.Revision + 1 });
        return LabRelay.TellAsync(lab, cancellation);
    }

    /// <summary>Before anything is laid down, so that a full disk is told of and not run into.</summary>
    void CheckRoom()
    {
        var needed = lab.State.OfKind(LabKind.Database).Count(server => !server.IsMade) * BytesPerDatabase;
        var free = new DriveInfo(lab.Path).AvailableFreeSpace;
        if (free < needed)
            throw new PinfoldException(ErrorKind.Unavailable,
                $"The new databases of this lab take some {needed >> 20} MiB, and the disk of {lab.Path} has "
                + $"{free >> 20} MiB left: make room, or name a folder on another by --folder.");
    }

    /// <summary>A server keeps its ports for ever; one that was never made takes others if they are gone.</summary>
    void TakePorts()
    {
        var relayRuns = lab.State.HasRelay();
        foreach (var server in lab.State.Servers)
        {
            if (!server.HasProcess() && !LoopbackPort.IsFree(server.OwnPort))
            {
                if (server.IsMade)
                    throw Taken(server, server.OwnPort);
                lab.Change(server.Name, s => s with { OwnPort = LoopbackPort.FindFree() });
            }
            if (!relayRuns && !LoopbackPort.IsFree(server.Port))
                throw Taken(server, server.Port);
        }
    }

    static PinfoldException Taken(LabServer server, int port) => new(ErrorKind.Unavailable,
        $"Port {port}, which is {server.Name}'s in this lab, is taken by another program: end that one, or begin anew "
        + "after \"pinfold lab down --delete\".");

    async Task StartRelayAsync(IReadOnlyList<string> command, CancellationToken cancellation)
    {
        if (lab.State.HasRelay())
            return;
        var folder = lab[LabRelay.FolderName];
        Directory.CreateDirectory(folder);
        LabRelay.Forget(lab);
        using var process = await ServerLaunch.StartAsync(folder, command, new Dictionary<string, string>(),
            id => lab.Change(state => state with { Relay = ProcessIdentity.Of(id) }));
        await LabRelay.StartedAsync(lab, cancellation);
    }

    async Task StartAsync(LabServer server, CancellationToken cancellation)
    {
        var program = programs.Of(lab.State, server);
        var folder = lab[server.Name];
        if (!server.IsMade)
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
            Directory.CreateDirectory(folder);
            await program.MakeAsync(folder);
        }
        for (var starts = 1; ; starts++)
            try
            {
                await LaunchAsync(program, lab.Get(server.Name), folder, cancellation);
                return;
            }
            catch (ServerStartException e) when (e.PortWasTaken && !server.IsMade && starts < StartsMax)
            {
                lab.Change(server.Name, s => s with { OwnPort = LoopbackPort.FindFree() });
            }
            catch (ServerStartException e)
            {
                throw new PinfoldException(ErrorKind.Unavailable,
                    $"{server.Name} did not start: {e.Message.Split('\n')[0]} It is in "
                    + $"{Path.Combine(folder, ServerLaunch.LogName)}, and ends with:\n"
                    + string.Join('\n', e.Message.Split('\n').TakeLast(LogLinesShown)), e);
            }
    }

    async Task LaunchAsync(
        ServerProgram program, LabServer server, string folder, CancellationToken cancellation)
    {
        using var process = await ServerLaunch.StartAsync(folder, program.Command(folder, server.OwnPort),
            program.Variables, id => lab.Change(server.Name, s => s with { Process = ProcessIdentity.Of(id) }));
        await ServerLaunch.ReadyAsync(
            process, folder, server.Name, () => program.IsReadyAsync(server.OwnPort), cancellation);
        var version = await program.ReadVersionAsync(server.OwnPort);
        lab.Change(server.Name,
            s => s with { Version = version, IsMade = s.IsMade || s.Kind != LabKind.Database || s.Of is null });
    }

    /// <summary>A new replica begins to follow; each then takes writes or not, by whether it follows.</summary>
    async Task SettleAsync(LabServer server, CancellationToken cancellation)
    {
        if (server.Process!.IsPaused)
            return;
        var replication = new GtidReplication(programs.Database(lab.State, server));
        if (!server.IsMade)
        {
            await replication.FollowAsync(server.OwnPort, lab.Get(server.Of!).Port, cancellation);
            await ReplicatesAsync(replication, server, cancellation);
            lab.Change(server.Name, s => s with { IsMade = true });
        }
        await replication.SettleReadOnlyAsync(server.OwnPort, cancellation);
    }

    static async Task ReplicatesAsync(
        GtidReplication replication, LabServer server, CancellationToken cancellation)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var status = await replication.ReadAsync(server.OwnPort, cancellation);
            if (status is { IsRunning: true })
                return;
            if (waited.Elapsed > ReplicatesMax)
                throw new PinfoldException(ErrorKind.Unavailable,
                    $"{server.Name} does not follow {server.Of}: {status?.Problem}");
            await Task.Delay(PollInterval, cancellation);
        }
    }
}
