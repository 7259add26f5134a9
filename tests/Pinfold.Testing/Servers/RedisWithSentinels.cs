using System.Net.Sockets;

namespace Pinfold.Testing.Servers;

/// <summary>A primary, a replica of it, and three Sentinels that know one another.</summary>
public sealed class RedisWithSentinels : IAsyncDisposable
{
    /// <summary>What the Sentinels call the primary.</summary>
    public const string Name = "pinfold-test";

    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    RedisWithSentinels(RedisServer first, RedisServer second, RedisSentinel[] sentinels) =>
        (First, Second, Sentinels) = (first, second, sentinels);

    /// <summary>The primary at the beginning.</summary>
    public RedisServer First { get; }

    /// <summary>The replica at the beginning.</summary>
    public RedisServer Second { get; }

    public IReadOnlyList<RedisSentinel> Sentinels { get; }

    /// <summary>As a topology has it.</summary>
    public string Json
    {
        get
        {
            var addresses = string.Join(", ", Sentinels.Select(s => $"\"{s.Address}\""));
            return $$"""{ "sentinels": [ {{addresses}} ], "primary": "{{Name}}" }""";
        }
    }

    public static async Task<RedisWithSentinels> StartAsync()
    {
        var options = new RedisServerOptions { Arguments = ["--repl-diskless-sync-delay", "0"] };
        var first = await RedisServer.StartAsync(options);
        var second = await RedisServer.StartAsync(options with { ReplicaOfPort = first.Port });
        var sentinels = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => RedisSentinel.StartAsync(first, quorum: 2)));
        var all = new RedisWithSentinels(first, second, sentinels);
        foreach (var sentinel in sentinels)
            await UntilAsync(async () =>
            {
                var known = await sentinel.AskAsync("SENTINEL", "CKQUORUM", Name);
                return known.StartsWith("+OK 3", StringComparison.Ordinal);
            });
        await UntilAsync(async () => (await second.AskAsync("INFO", "replication")).Contains("master_link_status:up"));
        return all;
    }

    /// <summary>
    /// Has the Sentinels make the other server the primary, as an operator may while all are alive, and waits until
    /// it takes writes.
    /// </summary>
    public async Task FailOverAsync()
    {
        await UntilAsync(async () => await Sentinels[0].AskAsync("SENTINEL", "FAILOVER", Name) == "+OK");
        await UntilAsync(async () => (await Second.AskAsync("INFO", "replication")).Contains("role:master"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var sentinel in Sentinels)
            await sentinel.DisposeAsync();
        await Second.DisposeAsync();
        await First.DisposeAsync();
    }

    /// <summary>A server that changes its part closes its connections; it is asked again.</summary>
    static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await TryAsync(isSo))
            await Task.Delay(PollInterval, limit.Token);
    }

    static async Task<bool> TryAsync(Func<Task<bool>> isSo)
    {
        try
        {
            return await isSo();
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return false;
        }
    }
}
