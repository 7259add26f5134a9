using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Store;

namespace Pinfold.Sharding.Provisioning;

/// <summary>What there is of a topology's shards on its servers.</summary>
/// <param name="Present">How many are there.</param>
/// <param name="Missing">Those that are not, in order.</param>
/// <param name="Silent">Servers that did not answer, with the reason; their shards are neither present nor
/// missing.</param>
public sealed record ShardInventory(
    int Present, IReadOnlyList<ShardId> Missing, IReadOnlyList<(string Server, string Reason)> Silent);

/// <summary>Makes the shards of a topology, and tells which are missing.</summary>
public sealed class ShardProvisioner(ShardedStore store)
{
    const int AtOnce = 4;

    /// <summary>Asks each server which shards it has: one round trip to each.</summary>
    public async Task<ShardInventory> TakeInventoryAsync(CancellationToken cancellation = default)
    {
        var map = store.Topology;
        var there = new HashSet<(string Server, ShardId Shard)>();
        var silent = new List<(string Server, string Reason)>();
        foreach (var spec in map.Servers)
            try
            {
                var server = await store.Servers.GetAsync(spec);
                foreach (var shard in await server.Server.ListShardsAsync(cancellation))
                    there.Add((spec.Name, shard));
            }
            catch (PinfoldException e) when (e.Kind is ErrorKind.Unavailable or ErrorKind.DeadlineExceeded)
            {
                silent.Add((spec.Name, e.Message));
            }
        var missing = new List<ShardId>();
        var present = 0;
        for (var i = 0; i < map.ShardCount; i++)
        {
            var server = map.Shard(new ShardId(i)).Server.Name;
            if (there.Contains((server, new ShardId(i))))
                present++;
            else if (silent.All(s => s.Server != server))
                missing.Add(new ShardId(i));
        }
        return new ShardInventory(present, missing, silent);
    }

    /// <summary>
    /// Makes every shard of a new installation. Where some are there and some are not, nothing is made: the missing
    /// ones may be elsewhere, and an empty one in their place would hide that. A server that is down does not stop the
    /// others.
    /// </summary>
    /// <remarks>Where all are there, each one's row is read, in one more round trip to each server.</remarks>
    /// <exception cref="PinfoldException">
    /// Unavailable: some are missing, and they are named, and what to do; or no shard answers at all. Corrupt: one is
    /// damaged, or of a newer version.
    /// </exception>
    public async Task<ShardInventory> EnsureAsync(IProgress<int>? made = null, CancellationToken cancellation = default)
    {
        var inventory = await TakeInventoryAsync(cancellation);
        if (inventory.Present == 0 && inventory.Silent is [var (server, reason), ..])
            throw new PinfoldException(ErrorKind.Unavailable, $"No shard answers. Server {server}: {reason}");
        if (inventory.Missing.Count == 0)
        {
            await RefuseUnlessReadableAsync(inventory, cancellation);
            return inventory;
        }
        if (inventory.Present > 0)
            throw new PinfoldException(ErrorKind.Unavailable,
                $"{inventory.Missing.Count} of {store.Topology.ShardCount} shards are not where the topology says: " +
                    $"{Named(inventory.Missing)}. " +
                "Bring them back or correct the topology; if they are to be new and empty, run `pinfold shard " +
                    "create`.");
        await CreateAsync(inventory.Missing, made, cancellation);
        return inventory;
    }

    /// <summary>
    /// Makes these shards, empty and open, under the epochs of the topology. One that is there stays as it is.
    /// </summary>
    public Task CreateAsync(
        IReadOnlyList<ShardId> shards, IProgress<int>? made = null, CancellationToken cancellation = default)
    {
        var done = 0;
        return Parallel.ForEachAsync(
            shards, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (shard, token) =>
            {
                var place = store.Topology.Shard(shard);
                var server = await store.Servers.GetAsync(place.Server);
                await server.Server.CreateShardAsync(shard, place.Epoch, token);
                made?.Report(Interlocked.Increment(ref done));
            });
    }

    /// <summary>Better not to start than to find out, request by request, that a shard cannot be used.</summary>
    async Task RefuseUnlessReadableAsync(ShardInventory inventory, CancellationToken cancellation)
    {
        var map = store.Topology;
        var servers = Enumerable.Range(0, map.ShardCount).Select(i => new ShardId(i)).GroupBy(s => map.Shard(s).Server)
            .Where(g => inventory.Silent.All(s => s.Server != g.Key.Name));
        foreach (var group in servers)
        {
            var rows = group.Select(s => new ShardRowRead(s)).ToList();
            await store.Servers.ReadAsync(group.Key, rows, cancellation);
            if (rows.Find(r => r.Row is null) is { } damaged)
                throw new PinfoldException(ErrorKind.Corrupt,
                    $"Shard {damaged.Shard} on {group.Key.Name} has no row of its own; restore it from a backup.")
                { Shard = damaged.Shard };
        }
    }

    static string Named(IReadOnlyList<ShardId> shards) =>
        string.Join(", ", shards.Take(10)) + (shards.Count > 10 ? $" and {shards.Count - 10} more" : "");
}
