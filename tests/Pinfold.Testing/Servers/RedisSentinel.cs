using System.Net.Sockets;

namespace Pinfold.Testing.Servers;

/// <summary>One Redis Sentinel that watches a primary.</summary>
public sealed class RedisSentinel : TestServer
{
    /// <summary>After so long without an answer it takes the primary for down.</summary>
    const int DownAfterMs = 2000;

    readonly RedisServer _primary;
    readonly int _quorum;

    RedisSentinel(RedisServer primary, int quorum) : base("sentinel") => (_primary, _quorum) = (primary, quorum);

    public static async Task<RedisSentinel> StartAsync(RedisServer primary, int quorum)
    {
        var sentinel = new RedisSentinel(primary, quorum);
        await sentinel.StartOnFreePortAsync();
        return sentinel;
    }

    /// <summary>Host and port, as a topology has it.</summary>
    public string Address => $"127.0.0.1:{Port}";

    /// <summary>Sends one command past any client; the first line of the answer, with its mark.</summary>
    public Task<string> AskAsync(params string[] command) => RedisWire.AskAsync(Port, null, command);

    private protected override IReadOnlyList<string> Command
    {
        get
        {
            // It writes into its own configuration, so it has one of its own, written once.
            var path = Path.Combine(Folder, "sentinel.conf");
            if (!File.Exists(path))
                File.WriteAllText(path, $"""
                    sentinel monitor {RedisWithSentinels.Name} 127.0.0.1 {_primary.Port} {_quorum}
                    sentinel down-after-milliseconds {RedisWithSentinels.Name} {DownAfterMs}
                    sentinel failover-timeout {RedisWithSentinels.Name} 10000

                    """);
            return ["redis-sentinel", path, "--port", $"{Port}", "--bind", "127.0.0.1", "--dir", Folder];
        }
    }

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
