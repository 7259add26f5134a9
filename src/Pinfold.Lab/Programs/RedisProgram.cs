using System.Net.Sockets;

namespace Pinfold.Lab.Programs;

/// <summary>Redis 7 as Debian packages it: alone, a replica, or a node of a cluster.</summary>
public sealed class RedisProgram(RedisServerOptions options) : ServerProgram
{
    public override string Name => "redis";

    public override IReadOnlyList<string> Command(string folder, int port) =>
    [
        Executable.Get("redis-server", "redis-server"), "--port", $"{port}", "--bind", "127.0.0.1", "--dir", folder,
        "--daemonize", "no", "--save", options.Save, "--appendonly", options.AppendOnly ? "yes" : "no",
        .. options.Password is { } password ? ["--requirepass", password, "--masterauth", password] : (string[])[],
        .. options.ReplicaOfPort is { } primary ? ["--replicaof", "127.0.0.1", $"{primary}"] : (string[])[],
        .. options.IsClusterNode
            ? ["--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--cluster-config-file", "nodes.conf"]
            : (string[])[],
        .. options.Arguments,
    ];

    public override async Task<bool> IsReadyAsync(int port)
    {
        try
        {
            return await RedisWire.AskAsync(port, options.Password, "PING") == "+PONG";
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }

    public override async Task<string> ReadVersionAsync(int port) =>
        (await RedisWire.AskAsync(port, options.Password, "INFO", "server")).Split('\n')
            .Select(line => line.Trim().Split(':')).First(pair => pair[0] == "redis_version")[1];
}

/// <summary>How to run Redis.</summary>
public sealed record RedisServerOptions
{
    /// <summary>When snapshots are taken, as <c>save</c> has it; empty for never.</summary>
    public string Save { get; init; } = "";

    public bool AppendOnly { get; init; }

    public string? Password { get; init; }

    /// <summary>Where its primary listens; null for one that is its own.</summary>
    public int? ReplicaOfPort { get; init; }

    public bool IsClusterNode { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];
}
