using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Pinfold.Cli.Tests.Running;

/// <summary>The real executable, as it was built beside the tests.</summary>
static class PinfoldProgram
{
    const int SigTerm = 15;
    static readonly TimeSpan RunMax = TimeSpan.FromMinutes(10);

    static string Executable => Path.Combine(AppContext.BaseDirectory, "pinfold");

    /// <summary>Starts it, or <paramref name="wrapper"/> with it as the last words.</summary>
    public static Process Start(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? variables = null,
        IReadOnlyList<string>? wrapper = null) =>
        StartOther([.. wrapper ?? [], Executable, .. arguments], variables);

    /// <summary>Starts what the words say, where the executable finds its runtime.</summary>
    public static Process StartOther(IReadOnlyList<string> words, IReadOnlyDictionary<string, string>? variables)
    {
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The executable looks for .NET in the usual places only; the one that runs this test may be elsewhere.
        start.Environment["DOTNET_ROOT"] =
            Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        // Tests sign people up; who may is tested where it is the question.
        start.Environment["PINFOLD_REGISTRATION"] = "open";
        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException($"{words[0]} did not start.");
    }

    public static async Task<Finished> RunAsync(
        IReadOnlyList<string> arguments, string input = "", IReadOnlyList<string>? wrapper = null)
    {
        using var process = Start(arguments, wrapper: wrapper);
        return await FinishAsync(process, arguments, input);
    }

    /// <summary>Waits for its end and takes what it wrote.</summary>
    public static async Task<Finished> FinishAsync(Process process, IEnumerable<string> arguments, string input = "")
    {
        using var limit = new CancellationTokenSource(RunMax);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading its input.
        }
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
        return new Finished(string.Join(' ', arguments), process.ExitCode, await output, await error);
    }

    /// <summary>What Ctrl-C's cousin of service managers sends.</summary>
    public static void Terminate(Process process) => Send(process, SigTerm);

    public static void Send(Process process, int signal) => _ = Kill(process.Id, signal);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    static extern int Kill(int processId, int signal);
}
