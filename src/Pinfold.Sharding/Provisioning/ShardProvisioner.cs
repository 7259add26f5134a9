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
    readonly FirstStarts _firstStarts = new(store);

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
    /// Makes every shard of a new installation, and goes on with that where it was interrupted. Where some are there
    /// and some are not without such a first start, nothing is made: the missing ones may be elsewhere, and an empty
    /// one in their place would hide that. A server that is down does not stop the others, except in a first start.
    /// </summary>
    /// <remarks>
    /// Two round trips to each server, and where all are there, one more, which reads each one's row. Processes may do
    /// this at once.
    /// </remarks>
    /// <returns>What was there before.</returns>
    /// <exception cref="PinfoldException">
    /// Unavailable: some are missing, and they are named, and what to do; or no shard answers at all; or a first start
    /// has not ended and a server does not answer. Corrupt: one is damaged, or of a newer version.
    /// </exception>
    public async Task<ShardInventory> EnsureAsync(IProgress<int>? made = null, CancellationToken cancellation = default)
    {
        var inventory = await TakeInventoryAsync(cancellation);
        // After the shards: a mark is left before the first is made, and taken away after the last.
        var begun = await _firstStarts.FindAsync(inventory, cancellation);
        if (begun is not null && !await _firstStarts.IsAnythingWrittenAsync(inventory, cancellation))
        {
            await FinishAsync(begun, inventory, made, cancellation);
            return inventory;
        }
        // Another process's first start may have ended between these questions.
        if (begun is not null || inventory is { Present: > 0, Missing.Count: > 0 })
            inventory = await TakeInventoryAsync(cancellation);
        if (inventory.Present == 0 && inventory.Silent is [var (server, reason), ..])
            throw new PinfoldException(ErrorKind.Unavailable, $"No shard answers. Server {server}: {reason}");
        if (inventory is { Present: > 0, Missing.Count: > 0 })
            throw NotThere(inventory);
        if (inventory.Missing.Count > 0)
            await FinishAsync(
                new FirstStart(store.Topology.ShardCount, store.Time.GetUtcNow()), inventory, made, cancellation);
        else
            await RefuseUnlessReadableAsync(inventory, cancellation);
        if (begun is not null && inventory is { Missing.Count: 0, Silent.Count: 0 })
            await _firstStarts.EndAsync(cancellation);
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

    /// <summary>Makes all shards, those too that are there: they may be half done.</summary>
    async Task FinishAsync(
        FirstStart begun, ShardInventory inventory, IProgress<int>? made, CancellationToken cancellation)
    {
        if (inventory.Silent is [var (server, reason), ..])
            throw new PinfoldException(ErrorKind.Unavailable,
                $"The first start has not ended, and not every server answers; run it again when all do. " +
                $"Server {server}: {reason}");
        if (begun.ShardCount != store.Topology.ShardCount)
            throw new PinfoldException(ErrorKind.Unavailable,
                $"A first start with {begun.ShardCount} shards, begun {begun.BegunAt:u}, has not ended; the topology " +
                $"has {store.Topology.ShardCount}. End it with its own topology, or empty the servers.");
        await _firstStarts.LeaveMarksAsync(begun, cancellation);
        await CreateAsync(
            [.. Enumerable.Range(0, store.Topology.ShardCount).Select(i => new ShardId(i))], made, cancellation);
        await _firstStarts.EndAsync(cancellation);
    }

    PinfoldException NotThere(ShardInventory inventory) => new(ErrorKind.Unavailable,
        $"{inventory.Missing.Count} of {store.Topology.ShardCount} shards are not where the topology says: " +
        $"{Named(inventory.Missing)}. " +
        "Bring them back or correct the topology; if they are to be new and empty, run `pinfold shard create`.");

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
