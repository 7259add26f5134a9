using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Pinfold.Cli.Tests.Running;

/// <summary>A running <c>pinfold serve</c>, ended with the test.</summary>
sealed partial class Served : IAsyncDisposable
{
    readonly Process _process;
    readonly Log _log;

    Served(Process process, string line, Uri address, Log log)
    {
        _process = process;
        Line = line;
        Address = address;
        _log = log;
    }

    /// <summary>The first line that it printed.</summary>
    public string Line { get; }

    /// <summary>The address in it.</summary>
    public Uri Address { get; }

    public int ProcessId => _process.Id;

    /// <summary>Serves a place at a free port, and waits until it says where it answers.</summary>
    public static Task<Served> StartAsync(Place place, IReadOnlyDictionary<string, string>? variables = null) =>
        StartAsync(place.Words("serve", "--urls", "http://127.0.0.1:0", "--no-fetch"), variables, null);

    public static async Task<Served> StartAsync(
        IReadOnlyList<string> words, IReadOnlyDictionary<string, string>? variables, IReadOnlyList<string>? wrapper)
    {
        return await OfAsync(PinfoldProgram.Start(words, variables, wrapper), words);
    }

    /// <summary>One that is started by other words than those of the executable beside the tests.</summary>
    public static Task<Served> StartAsync(IReadOnlyDictionary<string, string> variables, IReadOnlyList<string> words) =>
        OfAsync(PinfoldProgram.StartOther(words, variables), words);

    static async Task<Served> OfAsync(Process process, IReadOnlyList<string> words)
    {
        var log = new Log(process.StandardError);
        var line = await process.StandardOutput.ReadLineAsync();
        return line is not null && PrintedAddress().Match(line) is { Success: true } printed
            ? new Served(process, line, new Uri(printed.Value), log)
            : throw new InvalidOperationException($"pinfold {string.Join(' ', words)} said {line}\n{await log.ToEnd}");
    }

    /// <summary>The next line that it prints; null when it ends before.</summary>
    public Task<string?> NextLineAsync() => _process.StandardOutput.ReadLineAsync();

    public void Send(int signal) => PinfoldProgram.Send(_process, signal);

    /// <summary>Waits until a line of its log has these words.</summary>
    public Task WaitForLogAsync(params string[] words) => _log.WaitForAsync(words);

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
        return await EndedAsync();
    }

    /// <summary>Waits for its end; gives its exit code and its log.</summary>
    public async Task<(int Code, string Log)> EndedAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(limit.Token);
        return (_process.ExitCode, await _log.ToEnd);
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
