using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Moving;

/// <summary>Tells how shards lie on servers, and proposes what would be better. Nothing moves by itself.</summary>
public sealed class ShardBalances
{
    readonly ITopologySource _topology;
    readonly Func<ServerSpec, Task<IShardServer>> _open;
    readonly TimeProvider _time;

    internal ShardBalances(ITopologySource topology, Func<ServerSpec, Task<IShardServer>> open, TimeProvider time) =>
        (_topology, _open, _time) = (topology, open, time);

    /// <summary>
    /// By what shards have and how fast they are written; so that in 90 days no server is expected to have more than a
    /// tenth above the mean.
    /// </summary>
    /// <remarks>A few round trips to each server. Sizes are the engines' own estimates.</remarks>
    /// <exception cref="PinfoldException">Unavailable: a server does not answer.</exception>
    public async Task<BalanceReport> ReportAsync(CancellationToken cancellation = default)
    {
        var map = await _topology.RefreshAsync(cancellation);
        var weights = new List<ShardWeight>(map.ShardCount);
        foreach (var spec in map.Servers)
            if (map.ShardsOn(spec.Name) is { Count: > 0 } shards)
                weights.AddRange(await WeighAsync(spec, shards, cancellation));
        return ShardBalance.Reckon(map, weights);
    }

    async Task<IEnumerable<ShardWeight>> WeighAsync(
        ServerSpec spec, IReadOnlyList<ShardId> shards, CancellationToken cancellation)
    {
        await using var server = await _open(spec);
        var sizes = (await server.Copies.MeasureAsync(shards, cancellation)).ToDictionary(size => size.Shard);
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        return (await server.Trim.ReadExtentsAsync(shards, cancellation)).Select(extent =>
        {
            var size = sizes.GetValueOrDefault(extent.Shard);
            var days = Math.Max(1, TimeSpan.FromMilliseconds(Math.Max(0, now - extent.FirstAtMs)).TotalDays);
            var perDay = extent.FirstAtMs == 0 ? 0 : (extent.Last - extent.First + 1) / days;
            return new ShardWeight(extent.Shard, spec.Name, size.Rows, size.Bytes, extent.Last, perDay);
        });
    }
}
