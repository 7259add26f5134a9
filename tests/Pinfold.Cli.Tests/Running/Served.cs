using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Pinfold.Cli.Tests.Running;

/// <summary>A running <c>pinfold serve</c>, ended with the test.</summary>
sealed partial class Served : IAsyncDisposable
{
    readonly Process _process;
    readonly Task<string> _log;

    Served(Process process, Uri address, Task<string> log)
    {
        _process = process;
        Address = address;
        _log = log;
    }

    /// <summary>The address that it printed.</summary>
    public Uri Address { get; }

    public int ProcessId => _process.Id;

    /// <summary>Serves a place at a free port, and waits until it says where it answers.</summary>
    public static Task<Served> StartAsync(Place place, IReadOnlyDictionary<string, string>? variables = null) =>
        StartAsync(place.Words("serve", "--urls", "http://127.0.0.1:0", "--no-fetch"), variables, null);

    public static async Task<Served> StartAsync(
        IReadOnlyList<string> words, IReadOnlyDictionary<string, string>? variables, IReadOnlyList<string>? wrapper)
    {
        var process = PinfoldProgram.Start(words, variables, wrapper);
        var log = process.StandardError.ReadToEndAsync();
        var line = await process.StandardOutput.ReadLineAsync();
        return line is not null && PrintedAddress().Match(line) is { Success: true } printed
            ? new Served(process, new Uri(printed.Value), log)
            : throw new InvalidOperationException($"pinfold {string.Join(' ', words)} said {line}\n{await log}");
    }

    /// <summary>Resident memory, as the kernel counts it.</summary>
    public long ReadResidentBytes()
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status")
            .Single(l => l.StartsWith("VmRSS", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>Asks it to end (SIGTERM); gives its exit code and its log.</summary>
    public async Task<(int Code, string Log)> StopAsync()
    {
        PinfoldProgram.Terminate(_process);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(limit.Token);
        return (_process.ExitCode, await _log);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    [GeneratedRegex(@"http://([\w.]+:\d+|unix:\S+)")]
    private static partial Regex PrintedAddress();
}
