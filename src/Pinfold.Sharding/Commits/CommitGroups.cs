using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Telemetry;

namespace Pinfold.Sharding.Commits;

/// <summary>
/// Which writes are committed together: those of one shard always (they would queue for its row anyway), those of
/// several shards where the engine can, in shard order so that no two commits ever wait for each other. A commit that
/// fails is taken apart, so one bad write costs its neighbours nothing but time.
/// </summary>
sealed class CommitGroups(IShardServer server, CommitLimits limits, TimeProvider time, ShardingMetrics metrics)
{
    const int SplitsMax = 3;
    readonly HashSet<ShardId> _busy = [];

    /// <summary>Whether a commit to the shard is under way, behind which another would only wait.</summary>
    public bool IsBusy(ShardId shard) => _busy.Contains(shard);

    /// <summary>
    /// Takes the longest waiting writes that are still wanted and whose shard is not busy; what it takes is sent.
    /// </summary>
    public List<WaitingCommit> Take(LinkedList<WaitingCommit> waiting)
    {
        var group = new List<WaitingCommit>();
        var bytes = 0;
        for (var node = waiting.First; node is not null && group.Count < limits.TransactionsMax;)
        {
            var (write, next) = (node.Value, node.Next);
            var fits = group.Count == 0
                || (bytes + write.Transaction.Size <= limits.BytesMax && MayJoin(group, write));
            if (fits && !_busy.Contains(write.Shard))
            {
                waiting.Remove(node);
                if (write.TrySend())
                {
                    group.Add(write);
                    bytes += write.Transaction.Size;
                }
            }
            else if (!fits && group.Count > 0 && bytes + write.Transaction.Size > limits.BytesMax)
                break;
            node = next;
        }
        foreach (var write in group)
            _busy.Add(write.Shard);
        return group;
    }

    /// <summary>Others may write to their shards again.</summary>
    public void Release(List<WaitingCommit> group)
    {
        foreach (var write in group)
            _busy.Remove(write.Shard);
    }

    bool MayJoin(List<WaitingCommit> group, WaitingCommit write)
    {
        if (write.IsAlone || group[0].IsAlone || (!server.CommitsAcrossShards && write.Shard != group[0].Shard))
            return false;
        foreach (var other in group)
            if (other.Shard == write.Shard && other.Epoch != write.Epoch)
                return false;
        return true;
    }

    /// <summary>Sends what <see cref="Take"/> gave, and answers each.</summary>
    public async Task CommitAsync(List<WaitingCommit> group)
    {
        metrics.CommitSize(server.Name, group.Count);
        if (group.Count > 1)
            group = [.. group.OrderBy(static w => w.Shard)];
        for (var splits = 0; group.Count > 1; splits++)
        {
            var commits = ToCommits(group);
            try
            {
                var receipts = await SendAsync(commits);
                for (var i = 0; i < receipts.Length; i++)
                    group[i].TrySetResult(receipts[i]);
                return;
            }
            catch (CommitFailedException e)
            {
                metrics.CommitTakenApart(server.Name);
                if (e.Failure is CommitFailure.Unknown or CommitFailure.NotSent)
                {
                    // The fault is nobody's: each writer settles its own.
                    group.ForEach(write => write.Fail(e));
                    return;
                }
                group.ForEach(static write => write.Recall());
                // One of them is at fault. If it is known which, the others go on without it; else each is tried alone.
                var suspects = e.At is { } at && splits < SplitsMax
                    ? group.FindAll(write => write.Shard == commits[at].Shard)
                    : group;
                foreach (var write in suspects)
                    if (write.TrySend())
                        await CommitAloneAsync(write);
                group = group.FindAll(write => !suspects.Contains(write) && write.TrySend());
            }
        }
        if (group is [var last])
            await CommitAloneAsync(last);
    }

    async Task CommitAloneAsync(WaitingCommit write)
    {
        try
        {
            var receipts = await SendAsync([new ShardCommit(write.Shard, write.Epoch, [write.Transaction])]);
            write.TrySetResult(receipts[0]);
        }
        catch (CommitFailedException e)
        {
            write.TrySetException(e);
        }
    }

    /// <summary>The writes of a group, which stand in shard order, by shard.</summary>
    static List<ShardCommit> ToCommits(List<WaitingCommit> group)
    {
        var commits = new List<ShardCommit>(group.Count);
        for (int start = 0, end; start < group.Count; start = end)
        {
            var (shard, epoch) = (group[start].Shard, group[start].Epoch);
            var transactions = new List<PendingTransaction>(1);
            for (end = start; end < group.Count && group[end].Shard == shard; end++)
                transactions.Add(group[end].Transaction);
            commits.Add(new ShardCommit(shard, epoch, transactions));
        }
        return commits;
    }

    async Task<CommitReceipt[]> SendAsync(IReadOnlyList<ShardCommit> commits)
    {
        using var activity = ShardingTelemetry.Source.StartActivity("pinfold.commit");
        activity?.SetTag("pinfold.server", server.Name);
        var start = time.GetTimestamp();
        try
        {
            var receipts = await server.CommitAsync(commits, CancellationToken.None);
            metrics.RoundTrip(server.Name, "commit", time.GetElapsedTime(start), error: null);
            return receipts;
        }
        catch (CommitFailedException e)
        {
            metrics.RoundTrip(server.Name, "commit", time.GetElapsedTime(start), e.Failure.ToString());
            throw;
        }
    }
}
