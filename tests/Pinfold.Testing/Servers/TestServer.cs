using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Pinfold.Testing.Servers;

/// <summary>
/// A real server on loopback, in a folder of its own. It never outlives this process; after a crash of the server,
/// <see cref="RestartAsync"/> brings it back on the same port with the same data.
/// </summary>
public abstract class TestServer : IAsyncDisposable
{
    const int SigKill = 9, SigTerm = 15, SigCont = 18, SigStop = 19;
    const int StartsMax = 3;
    static readonly TimeSpan ReadyMax = TimeSpan.FromSeconds(90);
    static readonly TimeSpan StopMax = TimeSpan.FromSeconds(60);
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

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
        Send(SigKill);
        await EndedAsync();
    }

    /// <summary>Ends the server in an orderly way (SIGTERM).</summary>
    public async Task StopAsync()
    {
        Send(SigTerm);
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
    public void Pause() => Send(SigStop);

    /// <summary>Lets a paused server carry on.</summary>
    public void Resume() => Send(SigCont);

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
                File.Delete(LogPath);
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
        // The shell waits for a word before it becomes the server, so that the watchdog knows the process id first.
        var start = new ProcessStartInfo("setsid") { RedirectStandardInput = true, WorkingDirectory = Folder };
        const string Script = "read -r go && exec \"$@\" </dev/null >>server.log 2>&1";
        foreach (var argument in (string[])["sh", "-c", Script, "sh", .. Command])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in EnvironmentVariables)
            start.Environment[name] = value;
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{Command[0]} did not start.");
        Watchdog.Watch(_process.Id);
        await _process.StandardInput.WriteLineAsync("go");
        _process.StandardInput.Close();
        await ReadyAsync();
    }

    async Task ReadyAsync()
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            if (Running.HasExited)
            {
                Watchdog.Forget(Running.Id);
                throw new ServerStartException(Command[0], $"ended with code {Running.ExitCode}", ReadLog());
            }
            if (await IsReadyAsync())
                return;
            if (waited.Elapsed > ReadyMax)
            {
                await KillAsync();
                throw new ServerStartException(
                    Command[0], $"did not answer within {ReadyMax.TotalSeconds} s", ReadLog());
            }
            await Task.Delay(PollInterval);
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
                $"{Command[0]} (process {Running.Id}) did not end within {StopMax.TotalSeconds} s:\n{ReadLog()}");
        }
        Watchdog.Forget(Running.Id);
        Running.Dispose();
        _process = null;
    }

    void Send(int signal)
    {
        if (Kill(Running.Id, signal) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"Signal {signal} to process {Running.Id} failed.");
    }

    string LogPath => _folder["server.log"];

    string ReadLog() => File.Exists(LogPath) ? string.Join('\n', File.ReadLines(LogPath).TakeLast(30)) : "(no log)";

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    static extern int Kill(int processId, int signal);
}
