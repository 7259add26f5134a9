using Pinfold.Sharding.Storage;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding;

// Which server is asked: the topology is a hint, the shard's own row is the judge.
public sealed partial class ShardedStore
{
    /// <summary>Answers reads of any shards: one round trip per server, side by side.</summary>
    internal async ValueTask ReadServersAsync(IReadOnlyList<ShardRead> reads, CancellationToken cancellation)
    {
        if (reads.Count == 0)
            return;
        var map = _topology.Current;
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
            await _servers.ReadAsync(first, reads, cancellation);
        else
            await Task.WhenAll(parts.Select(p => _servers.ReadAsync(p.Key, p.Value, cancellation).AsTask()));
    }

    /// <summary>
    /// Commits at the place and under the epoch of the topology. A refusal by the fence means that the topology is old,
    /// or that the shard is on its way: it is read again, and the write tried again, until the deadline.
    /// </summary>
    internal async Task<CommitReceipt> CommitAsync(PendingTransaction transaction, CancellationToken cancellation)
    {
        var start = Time.GetTimestamp();
        for (var delayMs = 10; ; delayMs = Math.Min(delayMs * 2, 500))
        {
            cancellation.ThrowIfCancellationRequested();
            var place = _topology.Current.Shard(transaction.Shard);
            try
            {
                var server = await _servers.GetAsync(place.Server);
                return await TellAsync(
                    transaction, server.Commits.CommitAsync(transaction, place.Epoch, cancellation))
                    .WaitAsync(cancellation);
            }
            catch (PinfoldException e)
                when (e.Kind == ErrorKind.Fenced && Time.GetElapsedTime(start) < _limits.FenceDeadline)
            {
                var fresh = (await _topology.RefreshAsync(cancellation)).Shard(transaction.Shard);
                if (fresh == place)
                    await Task.Delay(TimeSpan.FromMilliseconds(delayMs), Time, cancellation);
            }
        }
    }

    /// <summary>Tells of a commit whether or not its caller still waits: followers must learn of it.</summary>
    async Task<CommitReceipt> TellAsync(PendingTransaction transaction, Task<CommitReceipt> committing)
    {
        var receipt = await committing;
        Committed?.Invoke(transaction.Shard, receipt.Seq);
        return receipt;
    }
}
