using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Provisioning;

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
    /// <summary>
    /// All shards in order; one round trip to each server. A server that fails makes its shards report why.
    /// </summary>
    public Task<IReadOnlyList<ShardStatus>> ReadAsync(CancellationToken cancellation = default) =>
        ReadAsync(isAsked: _ => true, cancellation);

    /// <summary>Those of some servers.</summary>
    internal async Task<IReadOnlyList<ShardStatus>> ReadAsync(
        Func<ServerSpec, bool> isAsked, CancellationToken cancellation)
    {
        var map = store.Topology;
        var servers = Enumerable.Range(0, map.ShardCount).Select(i => new ShardId(i))
            .GroupBy(s => map.Shard(s).Server).Where(group => isAsked(group.Key));
        var parts = await Task.WhenAll(servers.Select(group => ReadServerAsync(group.Key, [.. group], cancellation)));
        return [.. parts.SelectMany(p => p).OrderBy(s => s.Shard)];
    }

    /// <summary>
    /// One round trip; if that fails, one for each shard, so that a missing one does not hide the others. A server that
    /// does not answer at all is asked once more and not for each of its shards.
    /// </summary>
    async Task<IReadOnlyList<ShardStatus>> ReadServerAsync(
        ServerSpec server, IReadOnlyList<ShardId> shards, CancellationToken cancellation)
    {
        var reads = shards.Select(s => new ShardRowRead(s)).ToList();
        try
        {
            await store.Servers.ReadAsync(server, reads, cancellation);
            return reads.ConvertAll(r => Status(server, r));
        }
        catch (PinfoldException e) when (shards.Count == 1)
        {
            return NotRead(server, shards, e.Message);
        }
        catch (PinfoldException e) when (e.Kind == ErrorKind.DeadlineExceeded)
        {
            return NotRead(server, shards, e.Message);
        }
        catch (PinfoldException)
        {
            if (await FindProblemAsync(server, cancellation) is { } problem)
                return NotRead(server, shards, problem);
            var alone = new List<ShardStatus>(shards.Count);
            foreach (var shard in shards)
                alone.AddRange(await ReadServerAsync(server, [shard], cancellation));
            return alone;
        }
    }

    /// <summary>Why the server as a whole does not answer; null if it does.</summary>
    async Task<string?> FindProblemAsync(ServerSpec server, CancellationToken cancellation)
    {
        try
        {
            await (await store.Servers.GetAsync(server)).Server.ListShardsAsync(cancellation);
            return null;
        }
        catch (PinfoldException e)
        {
            return e.Message;
        }
    }

    static List<ShardStatus> NotRead(ServerSpec server, IReadOnlyList<ShardId> shards, string problem) =>
        [.. shards.Select(s => new ShardStatus(s, server.Name, 0, ShardState.Closed, 0, 0, problem))];

    static ShardStatus Status(ServerSpec server, ShardRowRead read) => read.Row is { } row
        ? new ShardStatus(read.Shard, server.Name, row.Epoch, row.State, row.LastSeq, row.LastLocalId, null)
        : new ShardStatus(read.Shard, server.Name, 0, ShardState.Closed, 0, 0, "its row is missing");
}
