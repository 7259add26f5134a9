using System.Net;
using System.Net.Sockets;
using System.Text;

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

    private protected override IReadOnlyList<string> Command =>
    [
        "memcached", "-l", "127.0.0.1", "-p", $"{Port}", "-U", "0", "-u", Environment.UserName,
        "-m", $"{_options.MemoryMegabytes}", "-c", $"{_options.ConnectionsMax}", "-t", "2", .. _options.Arguments,
    ];

    private protected override async Task<bool> IsReadyAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            await client.GetStream().WriteAsync("version\r\n"u8.ToArray());
            var answer = new byte[64];
            var length = await client.GetStream().ReadAsync(answer);
            return Encoding.ASCII.GetString(answer, 0, length).StartsWith("VERSION", StringComparison.Ordinal);
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
