using System.Diagnostics;

namespace Pinfold.Lab.Processes;

/// <summary>
/// Starts servers in sessions of their own, so that neither Ctrl-C nor the end of a terminal reaches them.
/// </summary>
public static class ServerLaunch
{
    /// <summary>What a server writes, in its folder.</summary>
    public const string LogName = "server.log";

    const int LogLinesShown = 30;
    static readonly TimeSpan ReadyMax = TimeSpan.FromSeconds(90);
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    // The shell waits for a word before it becomes the server, so that somebody else knows the process id first.
    const string Script = "read -r go && exec \"$@\" </dev/null >>" + LogName + " 2>&1";

    /// <summary>
    /// Starts a command in a folder. Its process id, which stays what it is, is told to <paramref name="beforeItRuns"/>
    /// before the server does anything; if that throws, it never runs.
    /// </summary>
    public static async Task<Process> StartAsync(
        string folder, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> variables,
        Action<int> beforeItRuns)
    {
        var start = new ProcessStartInfo("setsid") { RedirectStandardInput = true, WorkingDirectory = folder };
        foreach (var argument in (string[])["sh", "-c", Script, "sh", .. command])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} did not start.");
        await using var input = process.StandardInput;
        beforeItRuns(process.Id);
        await input.WriteLineAsync("go");
        return process;
    }

    /// <summary>Waits until a server that was just started answers.</summary>
    /// <exception cref="ServerStartException">It ended, or did not answer in time and was ended.</exception>
    public static async Task ReadyAsync(
        Process process, string folder, string program, Func<Task<bool>> isReady, CancellationToken cancellation)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            if (process.HasExited)
                throw new ServerStartException(program, $"ended with code {process.ExitCode}", ReadLog(folder));
            if (await isReady())
                return;
            if (waited.Elapsed > ReadyMax)
            {
                ProcessSignal.Send(process.Id, ProcessSignal.Kill);
                await process.WaitForExitAsync(CancellationToken.None);
                throw new ServerStartException(
                    program, $"did not answer within {ReadyMax.TotalSeconds} s", ReadLog(folder));
            }
            await Task.Delay(PollInterval, cancellation);
        }
    }

    /// <summary>The end of what a server wrote.</summary>
    public static string ReadLog(string folder)
    {
        var path = Path.Combine(folder, LogName);
        return File.Exists(path) ? string.Join('\n', File.ReadLines(path).TakeLast(LogLinesShown)) : "(no log)";
    }
}
