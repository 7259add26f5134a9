using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Pinfold.Lab.Processes;

/// <summary>What a process is told by its id.</summary>
public static class ProcessSignal
{
    public const int HangUp = 1, Kill = 9, Terminate = 15, Continue = 18, Stop = 19;

    /// <exception cref="Win32Exception">There is no such process, or it is somebody else's.</exception>
    public static void Send(int processId, int signal)
    {
        if (SendSignal(processId, signal) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"Signal {signal} to process {processId} failed.");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    static extern int SendSignal(int processId, int signal);
}
