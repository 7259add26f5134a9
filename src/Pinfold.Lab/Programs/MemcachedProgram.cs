using System.Net;
using System.Net.Sockets;

namespace Pinfold.Lab.Programs;

/// <summary>Memcached 1.6 as Debian packages it.</summary>
public sealed class MemcachedProgram(MemcachedServerOptions options) : ServerProgram
{
    public override string Name => "memcached";

    /// <summary>Sends one command past any cache client; the answer up to its first line end.</summary>
    public static async Task<string> AskAsync(int port, string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await using var writer = new StreamWriter(client.GetStream()) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync(command);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadLineAsync() ?? "";
    }

    public override IReadOnlyList<string> Command(string folder, int port) =>
    [
        Executable.Get("memcached", "memcached"), "-l", "127.0.0.1", "-p", $"{port}", "-U", "0",
        "-u", Environment.UserName, "-m", $"{options.MemoryMegabytes}", "-c", $"{options.ConnectionsMax}", "-t", "2",
        .. options.Arguments,
    ];

    public override async Task<bool> IsReadyAsync(int port)
    {
        try
        {
            return await AskAsync(port, "mn") == "MN";
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }

    public override async Task<string> ReadVersionAsync(int port) =>
        (await AskAsync(port, "version")).Replace("VERSION ", "", StringComparison.Ordinal);
}

/// <summary>How to run Memcached.</summary>
public sealed record MemcachedServerOptions
{
    public int MemoryMegabytes { get; init; } = 64;

    public int ConnectionsMax { get; init; } = 1024;

    public IReadOnlyList<string> Arguments { get; init; } = [];
}
