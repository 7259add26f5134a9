using System.Net;
using System.Net.Sockets;

namespace Pinfold.Testing.Servers;

/// <summary>Memcached 1.6 as Debian packages it.</summary>
public sealed class MemcachedServer : TestServer
{
    readonly MemcachedServerOptions _options;

    MemcachedServer(MemcachedServerOptions options)
        : base("memcached") => _options = options;

    public static async Task<MemcachedServer> StartAsync(MemcachedServerOptions? options = null)
    {
        var server = new MemcachedServer(options ?? new());
        await server.StartOnFreePortAsync();
        return server;
    }

    /// <summary>Host and port, as a ring is configured.</summary>
    public string Address => $"127.0.0.1:{Port}";

    /// <summary>Sends one command past any cache client; the answer up to its first line end.</summary>
    public async Task<string> AskAsync(string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        await using var writer = new StreamWriter(client.GetStream()) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync(command);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadLineAsync() ?? "";
    }

    private protected override IReadOnlyList<string> Command =>
    [
        "memcached", "-l", "127.0.0.1", "-p", $"{Port}", "-U", "0", "-u", Environment.UserName,
        "-m", $"{_options.MemoryMegabytes}", "-c", $"{_options.ConnectionsMax}", "-t", "2", .. _options.Arguments,
    ];

    private protected override async Task<bool> IsReadyAsync()
    {
        try
        {
            return await AskAsync("mn") == "MN";
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }
}

/// <summary>How to run Memcached.</summary>
public sealed record MemcachedServerOptions
{
    public int MemoryMegabytes { get; init; } = 64;

    public int ConnectionsMax { get; init; } = 1024;

    public IReadOnlyList<string> Arguments { get; init; } = [];
}
