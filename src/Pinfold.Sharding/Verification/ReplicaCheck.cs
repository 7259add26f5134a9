using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Verification;

/// <summary>Compares shards with every replica that the map names for their servers.</summary>
sealed class ReplicaCheck(VerifyRun run, Func<ServerSpec, Task<IShardServer>> open) : IAsyncDisposable
{
    readonly Dictionary<string, IShardServer> _opened = [];

    public async Task RunAsync(ShardFindings findings, CancellationToken cancellation)
    {
        if (run.Store.Topology.Shard(findings.Shard).Server is not MySqlServerSpec spec)
            return;
        var primary = (await run.Store.Servers.GetAsync(spec)).Server;
        foreach (var address in spec.Replicas)
            try
            {
                var replica = await OpenAsync(
                    spec with { Name = $"{spec.Name} at {address}", Address = address, Replicas = [] });
                await new ReplicaComparison(run, findings, primary, replica).RunAsync(cancellation);
            }
            catch (PinfoldException e)
            {
                findings.NotJudged(VerifyChecks.Replicas, $"replica {address} could not be compared to its end: "
                    + e.Message, "Verify again when that is over.");
            }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _opened.Values)
            await server.DisposeAsync();
    }

    async Task<IShardServer> OpenAsync(ServerSpec spec)
    {
        if (!_opened.TryGetValue(spec.Name, out var server))
            _opened.Add(spec.Name, server = await open(spec));
        return server;
    }
}
