using System.Diagnostics;

namespace Pinfold.Testing.Servers;

/// <summary>
/// A real server on loopback, in a folder of its own. It never outlives this process; after a crash of the server,
/// <see cref="RestartAsync"/> brings it back on the same port with the same data.
/// </summary>
public abstract class TestServer : IAsyncDisposable
{
    const int StartsMax = 3;
    static readonly TimeSpan StopMax = TimeSpan.FromSeconds(60);

    readonly TempFolder _folder;
    Process? _process;

    private protected TestServer(string name) => _folder = new TempFolder(name);

    public int Port { get; private set; }

    /// <summary>The process id of the server itself, not of a wrapper.</summary>
    public int ProcessId => Running.Id;

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Where the server keeps its data and its log, <c>server.log</c>.</summary>
    public string Folder => _folder.Path;

    Process Running => _process ?? throw new InvalidOperationException("The server is not running; restart it first.");

    /// <summary>Ends the server as a power cut would (SIGKILL); nothing is flushed.</summary>
    public async Task KillAsync()
    {
        Send(ProcessSignal.Kill);
        await EndedAsync();
    }

    /// <summary>Ends the server in an orderly way (SIGTERM).</summary>
    public async Task StopAsync()
    {
        Send(ProcessSignal.Terminate);
        await EndedAsync();
    }

    /// <summary>Starts the server again on the same port and data; stops it first when it is running.</summary>
    public async Task RestartAsync()
    {
        if (IsRunning)
            await StopAsync();
        await LaunchAsync();
    }

    /// <summary>
    /// Freezes the server (SIGSTOP): connections stay open, and nothing answers until <see cref="Resume"/>.
    /// </summary>
    public void Pause() => Send(ProcessSignal.Stop);

    /// <summary>Lets a paused server carry on.</summary>
    public void Resume() => Send(ProcessSignal.Continue);

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
            await KillAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Program and arguments that listen on <see cref="Port"/>, run in <see cref="Folder"/>.</summary>
    private protected abstract IReadOnlyList<string> Command { get; }

    private protected virtual IReadOnlyDictionary<string, string> EnvironmentVariables =>
        new Dictionary<string, string>();

    /// <summary>Whether the server answers a request now.</summary>
    private protected abstract Task<bool> IsReadyAsync();

    /// <summary>The first start: finds a port, and another when somebody took it in the meantime.</summary>
    private protected async Task StartOnFreePortAsync()
    {
        for (var starts = 1; ; starts++)
        {
            Port = LoopbackPort.FindFree();
            try
            {
                await LaunchAsync();
                return;
            }
            catch (ServerStartException e) when (starts < StartsMax && e.PortWasTaken)
            {
                File.Delete(Path.Combine(Folder, ServerLaunch.LogName));
            }
            catch (Exception)
            {
                await DisposeAsync();
                throw;
            }
        }
    }

    async Task LaunchAsync()
    {
        _process = await ServerLaunch.StartAsync(Folder, Command, EnvironmentVariables, Watchdog.Watch);
        try
        {
            await ServerLaunch.ReadyAsync(Running, Folder, Command[0], IsReadyAsync, CancellationToken.None);
        }
        catch (ServerStartException)
        {
            Watchdog.Forget(Running.Id);
            throw;
        }
    }

    async Task EndedAsync()
    {
        using var limit = new CancellationTokenSource(StopMax);
        try
        {
            await Running.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException(
                $"{Command[0]} (process {Running.Id}) did not end within {StopMax.TotalSeconds} s:\n"
                + ServerLaunch.ReadLog(Folder));
        }
        Watchdog.Forget(Running.Id);
        Running.Dispose();
        _process = null;
    }

    void Send(int signal) => ProcessSignal.Send(Running.Id, signal);
}
