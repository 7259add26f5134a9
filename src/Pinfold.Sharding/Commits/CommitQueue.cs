using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Lanes;
using Pinfold.Sharding.Telemetry;

namespace Pinfold.Sharding.Commits;

/// <summary>
/// The writes of one process to one server: who waits, and which lane takes what. Each is one attempt, whose failure is
/// its writer's to judge (<see cref="UnknownOutcome"/>, <see cref="RefusedCommit"/>).
/// </summary>
sealed class CommitQueue
{
    readonly IShardServer _server;
    readonly CommitLimits _limits;
    readonly TimeProvider _time;
    readonly CommitGroups _groups;
    readonly ServerLanes<WaitingCommit> _lanes;

    public CommitQueue(IShardServer server, CommitLimits limits, TimeProvider time, ShardingMetrics metrics)
    {
        // Where a commit is of one shard anyway, waiting for others makes it no larger.
        _limits = server.CommitsAcrossShards ? limits : limits with { LanesAtOnce = limits.Lanes };
        (_server, _time) = (server, time);
        _groups = new(server, limits, time, metrics);
        _lanes = new(_limits, time, StartLane);
    }

    /// <summary>How many transactions wait now, those under way not counted.</summary>
    public int WaitingCount => _lanes.WaitingCount;

    /// <summary>
    /// Completes when the transaction is committed. Cancelled while it waits, it is not sent; once it is under way,
    /// <paramref name="cancellation"/> does nothing here.
    /// </summary>
    /// <param name="transaction">The write.</param>
    /// <param name="epoch">The epoch that it presents.</param>
    /// <param name="left">How long its writer waits for the answer.</param>
    /// <param name="isAlone">Whether it is to go without others.</param>
    /// <param name="cancellation">Of its writer.</param>
    /// <exception cref="CommitFailedException">It says whether it happened.</exception>
    /// <exception cref="PinfoldException">
    /// LimitExceeded, DeadlineExceeded: too many wait, or it waited too long; it was not sent.
    /// </exception>
    public Task<CommitReceipt> CommitAsync(
        PendingTransaction transaction, long epoch, TimeSpan left, bool isAlone = false,
        CancellationToken cancellation = default)
    {
        var waiting = new WaitingCommit(
            _server.Name, transaction, epoch, Deadline.In(left, _time), cancellation)
        { IsAlone = isAlone };
        lock (_lanes.Gate)
        {
            if (_lanes.IsFull)
                throw new PinfoldException(ErrorKind.LimitExceeded,
                    $"{_limits.WaitingMax} writes wait for server {_server.Name} already; try again later.")
                {
                    Shard = transaction.Shard,
                };
            var isBusy = _groups.IsBusy(transaction.Shard);
            var opens = !isBusy && _lanes.TryOpen();
            _lanes.Enqueue(waiting, isPatient: isBusy || opens);
            if (!opens)
                return waiting.Task;
        }
        StartLane();
        return waiting.Task;
    }

    void StartLane() => _ = Task.Run(RunLaneAsync);

    async Task RunLaneAsync()
    {
        while (TakeGroup() is { } group)
        {
            try
            {
                await _groups.CommitAsync(group);
            }
            catch (Exception e)
            {
                foreach (var waiting in group)
                    waiting.TrySetException(new CommitFailedException(
                        CommitFailure.Unknown, $"Server {_server.Name}: {e.Message}", e));
            }
            finally
            {
                lock (_lanes.Gate)
                {
                    _groups.Release(group);
                    _lanes.End(group);
                }
            }
            // Those who were just answered may write again at once: what they send is to be in the next commit.
            if (group.Count > 1)
                await Task.Yield();
        }
    }

    /// <summary>What a lane sends next; ends the lane if there is nothing that it may send.</summary>
    List<WaitingCommit>? TakeGroup()
    {
        lock (_lanes.Gate)
        {
            var group = _groups.Take(_lanes.Waiting);
            if (group.Count > 0)
            {
                _lanes.Begin(group);
                return group;
            }
            _lanes.Close();
            return null;
        }
    }
}
