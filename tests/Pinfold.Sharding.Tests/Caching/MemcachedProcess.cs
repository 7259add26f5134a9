using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Pinfold.Sharding.Tests.Caching;

/// <summary>A real memcached on a free loopback port; it can be killed and started again on the same port.</summary>
public sealed class MemcachedProcess : IAsyncDisposable
{
    static readonly TimeSpan StartMax = TimeSpan.FromSeconds(10);

    readonly int _port;
    Process? _process;

    MemcachedProcess(int port) => _port = port;

    public string Address => $"127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}";

    public static async Task<MemcachedProcess> StartAsync()
    {
        var server = new MemcachedProcess(FreePort());
        await server.StartAgainAsync();
        return server;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async Task StartAgainAsync()
    {
        var arguments = $"-l 127.0.0.1 -p {_port} -U 0 -m 64" + (Environment.UserName == "root" ? " -u root" : "");
        _process = Process.Start(new ProcessStartInfo("memcached", arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("memcached did not start; is it installed and on PATH?");
        for (var watch = Stopwatch.StartNew(); !await AnswersAsync(); await Task.Delay(10))
        {
            if (_process.HasExited || watch.Elapsed > StartMax)
                throw new InvalidOperationException($"memcached did not answer on {Address}.");
        }
    }

    /// <summary>Ends it at once (SIGKILL), as a crash would.</summary>
    public async Task KillAsync()
    {
        if (_process is null)
            return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Sends one command past any cache client; the answer up to its first line end.</summary>
    public async Task<string> AskAsync(string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _port);
        await using var writer = new StreamWriter(client.GetStream()) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync(command);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadLineAsync() ?? "";
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    async Task<bool> AnswersAsync()
    {
        try
        {
            return await AskAsync("mn") == "MN";
        }
        catch (Exception cause) when (cause is SocketException or IOException)
        {
            return false;
        }
    }
}
