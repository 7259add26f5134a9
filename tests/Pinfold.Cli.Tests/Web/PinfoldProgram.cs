using System.Diagnostics;
using Pinfold.Testing.Servers;

namespace Pinfold.Cli.Tests.Web;

/// <summary>
/// The executable itself, as a person runs it: a command to its end, or the service until it is stopped.
/// </summary>
sealed class PinfoldProgram : IAsyncDisposable
{
    static readonly TimeSpan CommandMax = TimeSpan.FromMinutes(3);
    readonly Process _process;

    PinfoldProgram(Process process, string address)
    {
        _process = process;
        Address = address;
    }

    /// <summary>Where the service answers, as it printed.</summary>
    public string Address { get; }

    /// <summary>Runs a command to its end; throws with what it said if it fails.</summary>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        using var limit = new CancellationTokenSource(CommandMax);
        var (said, complained) =
            (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode == 0
            ? await said
            : throw new InvalidOperationException(
                $"pinfold {string.Join(' ', arguments)} ended with {process.ExitCode}: {await said}{await complained}");
    }

    /// <summary>Starts the service on a free port, over a data folder.</summary>
    public static async Task<PinfoldProgram> ServeAsync(string data)
    {
        var process = Start(
            ["serve", "--data", data, "--urls", "http://127.0.0.1:0", "--no-fetch", "--registration", "open"]);
        var complaints = new List<string>();
        process.ErrorDataReceived += (_, line) => complaints.Add(line.Data ?? "");
        process.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(CommandMax);
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            var address = line.Split(' ').FirstOrDefault(word => word.StartsWith("http://", StringComparison.Ordinal));
            if (address is not null)
                return new PinfoldProgram(process, address);
        }
        throw new InvalidOperationException($"pinfold serve ended before it answered: {string.Join('\n', complaints)}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        Watchdog.Forget(_process.Id);
        _process.Dispose();
    }

    static Process Start(IEnumerable<string> arguments)
    {
        var start =
            new ProcessStartInfo(
                Environment.ProcessPath is { } host && Path.GetFileName(host) == "dotnet" ? host : "dotnet")
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
            };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "pinfold.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        Watchdog.Watch(process.Id);
        process.StandardInput.Close();
        return process;
    }
}
