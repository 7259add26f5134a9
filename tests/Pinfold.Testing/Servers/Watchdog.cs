using System.Diagnostics;
using System.Globalization;

namespace Pinfold.Testing.Servers;

/// <summary>
/// A shell that outlives this process by a moment: it learns each server's process id through a pipe, and when the
/// pipe closes, however this process ended, it ends those servers and deletes their folders.
/// </summary>
/// <remarks>
/// A parent-death signal would not do: the kernel sends it when the *thread* that forked ends, and here that is a
/// pool thread.
/// </remarks>
static class Watchdog
{
    static readonly Lazy<Process> Shell = new(StartShell);

    const string Script =
        """
        trap '' HUP INT TERM
        exec >/dev/null 2>&1
        pids=' '
        while read -r verb pid; do
            case $verb in
                watch) pids="$pids$pid " ;;
                forget) pids="${pids%% $pid *} ${pids#* $pid }" ;;
            esac
        done
        for pid in $pids; do kill -KILL "$pid"; done
        rm -rf -- "$1" || { sleep 1; rm -rf -- "$1"; }
        """;

    public static void Start() => _ = Shell.Value;

    public static void Watch(int processId) => Tell("watch", processId);

    public static void Forget(int processId) => Tell("forget", processId);

    static void Tell(string verb, int processId)
    {
        var pipe = Shell.Value.StandardInput;
        lock (pipe)
        {
            pipe.Write(string.Create(CultureInfo.InvariantCulture, $"{verb} {processId}\n"));
            pipe.Flush();
        }
    }

    static Process StartShell()
    {
        // A session of its own, so that neither Ctrl-C nor the end of the terminal reaches it.
        var start = new ProcessStartInfo("setsid") { RedirectStandardInput = true, WorkingDirectory = "/" };
        foreach (var argument in (string[])["sh", "-c", Script, "pinfold-watchdog", TempFolder.ProcessRoot])
            start.ArgumentList.Add(argument);
        return Process.Start(start) ?? throw new InvalidOperationException("The watchdog shell did not start.");
    }
}
