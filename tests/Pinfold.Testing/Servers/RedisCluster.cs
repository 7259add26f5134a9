namespace Pinfold.Testing.Servers;

/// <summary>A Redis Cluster of three nodes without replicas; each has a third of the slots.</summary>
public sealed class RedisCluster : IAsyncDisposable
{
    const int Slots = 16384;
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    RedisCluster(RedisServer[] nodes) => Nodes = nodes;

    public IReadOnlyList<RedisServer> Nodes { get; }

    /// <summary>As a topology has it.</summary>
    public string Json => $$"""{ "cluster": [ {{string.Join(", ", Nodes.Select(n => $"\"{n.Address}\""))}} ] }""";

    public static async Task<RedisCluster> StartAsync()
    {
        var nodes = await Task.WhenAll(Enumerable.Range(0, 3)
            .Select(_ => RedisServer.StartAsync(new RedisServerOptions { IsClusterNode = true })));
        for (var i = 0; i < nodes.Length; i++)
        {
            await nodes[i].AskAsync("CLUSTER", "ADDSLOTSRANGE",
                $"{i * Slots / nodes.Length}", $"{((i + 1) * Slots / nodes.Length) - 1}");
            await nodes[i].AskAsync("CLUSTER", "SET-CONFIG-EPOCH", $"{i + 1}");
        }
        foreach (var node in nodes.Skip(1))
            await nodes[0].AskAsync("CLUSTER", "MEET", "127.0.0.1", $"{node.Port}", $"{node.Port + 10000}");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        foreach (var node in nodes)
            while (!(await node.AskAsync("CLUSTER", "INFO")).Contains("cluster_state:ok")
                || !(await node.AskAsync("CLUSTER", "INFO")).Contains("cluster_known_nodes:3"))
                await Task.Delay(PollInterval, limit.Token);
        return new RedisCluster(nodes);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
            await node.DisposeAsync();
    }
}
