using Pinfold.Sharding.Commits;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Lanes;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Routing;

/// <summary>Which server is asked: the topology is a hint, the shard's own row is the judge.</summary>
sealed class ShardRouter(ITopologySource topology, ServerSet servers, StoreLimits limits, TimeProvider time)
{
    /// <summary>The map as this process has it now.</summary>
    public TopologyMap Topology => topology.Current;

    public ServerSet Servers => servers;

    public TimeProvider Time => time;

    /// <summary>How long a write is tried.</summary>
    public TimeSpan WriteLimit =>
        servers.Deadline > limits.FenceDeadline ? servers.Deadline : limits.FenceDeadline;

    /// <summary>Called with the shard and number of each write that is committed here; must return at once.</summary>
    public event Action<ShardId, long>? Committed;

    /// <summary>
    /// Answers reads of any shards: one round trip per server, side by side. Where a shard has left its server, the
    /// topology is read again, and they are asked once more.
    /// </summary>
    public async ValueTask ReadAsync(IReadOnlyList<ShardRead> reads, CancellationToken cancellation)
    {
        if (reads.Count == 0)
            return;
        var map = topology.Current;
        try
        {
            await ReadAsync(map, reads, cancellation);
        }
        catch (MissingShardException e)
        {
            await new MovedReads(topology, servers, ReadAsync, time).ReadAgainAsync(map, reads, e, cancellation);
        }
    }

    async ValueTask ReadAsync(TopologyMap map, IReadOnlyList<ShardRead> reads, CancellationToken cancellation)
    {
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
    /// Commits at the place and under the epoch of the topology, in one round trip; tries until its fate is known, or
    /// <paramref name="limit"/> (unless told the longest of a write) is over.
    /// </summary>
    /// <exception cref="PinfoldException">It did not happen, or, as OutcomeUnknown, may still.</exception>
    /// <exception cref="OperationCanceledException">It did not happen: nothing was sent.</exception>
    public async Task<CommitReceipt> CommitAsync(
        PendingTransaction transaction, CancellationToken cancellation, TimeSpan? limit = null)
    {
        var deadline = Deadline.In(limit ?? WriteLimit, time);
        var place = topology.Current.Shard(transaction.Shard);
        var server = await servers.GetAsync(place.Server);
        CommitReceipt receipt;
        try
        {
            receipt = await server.Commits.CommitAsync(
                transaction, place.Epoch, deadline.Limit, isAlone: false, cancellation);
        }
        catch (CommitFailedException e)
        {
            receipt = await new CommitAttempts(topology, servers, limits, transaction, deadline)
                .GoOnAsync(place, server, e, cancellation);
        }
        Committed?.Invoke(transaction.Shard, receipt.Seq);
        return receipt;
    }

    /// <summary>
    /// Settles the fate of a write whose outcome was unknown: its row if it happened; else null, and then it never
    /// will, for its id is used up by an empty transaction. Two round trips if it happened, else three.
    /// </summary>
    public async Task<JournalRow?> ResolveAsync(
        ShardId shard, TransactionId transaction, CancellationToken cancellation)
    {
        if (await FindAsync(shard, transaction, cancellation) is not { } row)
        {
            var receipt = await CommitAsync(UnknownOutcome.UseUp(shard, transaction, time.GetUtcNow()), cancellation);
            var journal = new JournalRead(shard, receipt.Seq - 1, 1);
            await ReadAsync([journal], cancellation);
            row = journal.Rows[0];
        }
        return row.IsAbandoned() ? null : row;
    }

    /// <summary>The row of a transaction as of now, which may be that of one given up; null if there is none.</summary>
    public Task<JournalRow?> FindAsync(ShardId shard, TransactionId transaction, CancellationToken cancellation) =>
        JournalLookup.FindAsync(shard, transaction, read => ReadAsync([read], cancellation).AsTask());
}
