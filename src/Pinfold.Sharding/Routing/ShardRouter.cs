using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Routing;

/// <summary>Which server is asked: the topology is a hint, the shard's own row is the judge.</summary>
sealed class ShardRouter(ITopologySource topology, ServerSet servers, StoreLimits limits, TimeProvider time)
{
    /// <summary>The map as this process has it now.</summary>
    public TopologyMap Topology => topology.Current;

    public ServerSet Servers => servers;

    public TimeProvider Time => time;

    /// <summary>Called with the shard and number of each write that is committed here; must return at once.</summary>
    public event Action<ShardId, long>? Committed;

    /// <summary>Answers reads of any shards: one round trip per server, side by side.</summary>
    public async ValueTask ReadAsync(IReadOnlyList<ShardRead> reads, CancellationToken cancellation)
    {
        if (reads.Count == 0)
            return;
        var map = topology.Current;
        var first = map.Shard(reads[0].Shard).Server;
        var parts = default(Dictionary<ServerSpec, List<ShardRead>>);
        for (var i = 1; i < reads.Count; i++)
        {
            var server = map.Shard(reads[i].Shard).Server;
            if (parts is null && server == first)
                continue;
            parts ??= new() { [first] = [.. reads.Take(i)] };
            if (!parts.TryGetValue(server, out var part))
                parts.Add(server, part = []);
            part.Add(reads[i]);
        }
        if (parts is null)
            await servers.ReadAsync(first, reads, cancellation);
        else
            await Task.WhenAll(parts.Select(p => servers.ReadAsync(p.Key, p.Value, cancellation).AsTask()));
    }

    /// <summary>
    /// Commits at the place and under the epoch of the topology. A refusal by the fence means that the topology is old,
    /// or that the shard is on its way: it is read again, and the write tried again, until the deadline.
    /// </summary>
    public async Task<CommitReceipt> CommitAsync(PendingTransaction transaction, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        for (var delayMs = 10; ; delayMs = Math.Min(delayMs * 2, 500))
        {
            cancellation.ThrowIfCancellationRequested();
            var place = topology.Current.Shard(transaction.Shard);
            try
            {
                var server = await servers.GetAsync(place.Server);
                return await TellAsync(
                    transaction, server.Commits.CommitAsync(transaction, place.Epoch, cancellation))
                    .WaitAsync(cancellation);
            }
            catch (PinfoldException e)
                when (e.Kind == ErrorKind.Fenced && time.GetElapsedTime(start) < limits.FenceDeadline)
            {
                var fresh = (await topology.RefreshAsync(cancellation)).Shard(transaction.Shard);
                if (fresh == place)
                    await Task.Delay(TimeSpan.FromMilliseconds(delayMs), time, cancellation);
            }
        }
    }

    /// <summary>
    /// Settles the fate of a write whose outcome was unknown: its receipt if it happened; else null, and then it never
    /// will, for its id is used up by an empty transaction. Two round trips.
    /// </summary>
    public async Task<CommitReceipt?> ResolveAsync(
        ShardId shard, TransactionId transaction, CancellationToken cancellation)
    {
        var pending = new PendingTransaction(
            transaction, shard, [], 0, time.GetUtcNow(), JournalCodec.Abandoned.ToArray());
        var receipt = await CommitAsync(pending, cancellation);
        var journal = new JournalRead(shard, receipt.Seq - 1, 1);
        await ReadAsync([journal], cancellation);
        return journal.Rows[0].Entries.AsSpan().SequenceEqual(JournalCodec.Abandoned) ? null : receipt;
    }

    /// <summary>Tells of a commit whether or not its caller still waits: followers must learn of it.</summary>
    async Task<CommitReceipt> TellAsync(PendingTransaction transaction, Task<CommitReceipt> committing)
    {
        var receipt = await committing;
        Committed?.Invoke(transaction.Shard, receipt.Seq);
        return receipt;
    }
}
