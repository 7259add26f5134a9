using Pinfold.Sharding.Storage;

namespace Pinfold.Sharding.Hosting;

/// <summary>A shard as its own row says.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Server">Where the topology says it is.</param>
/// <param name="Epoch">The epoch that its row demands.</param>
/// <param name="State">Whether it takes writes.</param>
/// <param name="LastSeq">Its last journal number.</param>
/// <param name="LastLocalId">The last local id that it handed out.</param>
/// <param name="Problem">Why it could not be read, or null; then the numbers are zero.</param>
public sealed record ShardStatus(
    ShardId Shard, string Server, long Epoch, ShardState State, long LastSeq, long LastLocalId, string? Problem);

/// <summary>Reads the shards' own rows.</summary>
public sealed class ShardStatusReader(ShardedStore store)
{
    /// <summary>All shards in order; one round trip to each server. A server that fails makes its shards report why.</summary>
    public async Task<IReadOnlyList<ShardStatus>> ReadAsync(CancellationToken cancellation = default)
    {
        var map = store.Topology;
        var servers = Enumerable.Range(0, map.ShardCount).Select(i => new ShardId(i)).GroupBy(s => map.Shard(s).Server);
        var parts = await Task.WhenAll(servers.Select(async group =>
        {
            var reads = group.Select(s => new ShardRowRead(s)).ToList();
            try
            {
                await store.Servers.ReadAsync(group.Key, reads, cancellation);
                return reads.ConvertAll(r => r.Row is { } row
                    ? new ShardStatus(r.Shard, group.Key.Name, row.Epoch, row.State, row.LastSeq, row.LastLocalId, null)
                    : new ShardStatus(r.Shard, group.Key.Name, 0, ShardState.Closed, 0, 0, "its row is missing"));
            }
            catch (PinfoldException e)
            {
                return reads.ConvertAll(r => new ShardStatus(r.Shard, group.Key.Name, 0, ShardState.Closed, 0, 0, e.Message));
            }
        }));
        return [.. parts.SelectMany(p => p).OrderBy(s => s.Shard)];
    }
}
