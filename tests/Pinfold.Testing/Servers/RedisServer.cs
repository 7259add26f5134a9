using System.Net.Sockets;

namespace Pinfold.Testing.Servers;

/// <summary>Redis 7 as Debian packages it: alone, a replica, or a node of a cluster.</summary>
public sealed class RedisServer : TestServer
{
    readonly RedisServerOptions _options;

    RedisServer(RedisServerOptions options) : base("redis") => _options = options;

    public static async Task<RedisServer> StartAsync(RedisServerOptions? options = null)
    {
        var server = new RedisServer(options ?? new());
        await server.StartOnFreePortAsync();
        return server;
    }

    /// <summary>Host and port, as a topology has it.</summary>
    public string Address => $"127.0.0.1:{Port}";

    /// <summary>Sends one command past any client; the first line of the answer, with its mark.</summary>
    public Task<string> AskAsync(params string[] command) => RedisWire.AskAsync(Port, _options.Password, command);

    private protected override IReadOnlyList<string> Command =>
    [
        "redis-server", "--port", $"{Port}", "--bind", "127.0.0.1", "--dir", Folder, "--daemonize", "no",
        "--save", _options.Save, "--appendonly", _options.AppendOnly ? "yes" : "no",
        .. _options.Password is { } password ? ["--requirepass", password, "--masterauth", password] : (string[])[],
        .. _options.ReplicaOf is { } primary ? ["--replicaof", "127.0.0.1", $"{primary.Port}"] : (string[])[],
        .. _options.IsClusterNode
            ? ["--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--cluster-config-file", "nodes.conf"]
            : (string[])[],
        .. _options.Arguments,
    ];

    private protected override async Task<bool> IsReadyAsync()
    {
        try
        {
            return await AskAsync("PING") == "+PONG";
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }
}

/// <summary>How to run Redis.</summary>
public sealed record RedisServerOptions
{
    /// <summary>When snapshots are taken, as <c>save</c> has it; empty for never.</summary>
    public string Save { get; init; } = "";

    public bool AppendOnly { get; init; }

    public string? Password { get; init; }

    public RedisServer? ReplicaOf { get; init; }

    public bool IsClusterNode { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];
}
