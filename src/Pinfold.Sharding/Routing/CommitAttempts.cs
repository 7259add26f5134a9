using Pinfold.Sharding.Commits;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Lanes;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Routing;

/// <summary>
/// A write whose first attempt failed: tried again, at the place and under the epoch that the topology then has, until
/// its fate is known or its time is over. Its id makes trying again safe: the journal takes it once.
/// </summary>
sealed class CommitAttempts(
    ITopologySource topology, ServerSet servers, StoreLimits limits, PendingTransaction transaction, Deadline deadline)
{
    /// <summary>So often a write is tried that could not even be sent.</summary>
    const int UnsentMax = 6;
    const int PauseMsMax = 500;

    readonly UnknownOutcome _outcome = new(transaction);
    CommitFailedException? _refusal;

    /// <summary>Goes on after an attempt at <paramref name="place"/> has failed so.</summary>
    /// <exception cref="OperationCanceledException">It never happens: nothing is out.</exception>
    public async Task<CommitReceipt> GoOnAsync(
        ShardPlacement place, ServerSet.ServerParts server, CommitFailedException failed,
        CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (failed.Failure is CommitFailure.Unknown or CommitFailure.AlreadyCommitted)
                _outcome.Remember(place.Epoch);
            else if (failed.Failure is not (CommitFailure.NotSent or CommitFailure.Fenced))
                _refusal = failed;
            var fate = await _outcome.SettleAsync(
                server.Server, server.Commits, place.Epoch, failed.Failure, deadline);
            if (fate.Row is { } row)
                return IsUsedUp(row)
                    ? throw (_refusal is null ? RefusedCommit.GivenUp(transaction) : await ExplainAsync(_refusal))
                    : ReceiptOf(row);
            if (!fate.IsOpen && (deadline.IsOver || !MayPass(failed.Failure, attempt)))
                throw await ExplainAsync(failed);
            if (deadline.IsOver)
                throw RefusedCommit.Unknown(server.Server, transaction, failed);
            // Once an attempt is out, it is found out what became of it, whether or not somebody waits for that.
            var token = _outcome.IsOut ? CancellationToken.None : cancellation;
            try
            {
                var next = await NextPlaceAsync(place, failed.Failure, attempt, token);
                (server, place) = (await servers.GetAsync(next.Server), next);
                return await server.Commits.CommitAsync(
                    transaction, place.Epoch, deadline.Left, isAlone: _outcome.IsOut, token);
            }
            catch (CommitFailedException e)
            {
                failed = e;
            }
            catch (Exception e) when (_outcome.IsOut)
            {
                failed = new CommitFailedException(CommitFailure.NotSent, e.Message, e);
            }
        }

        Task<PinfoldException> ExplainAsync(CommitFailedException failure) =>
            RefusedCommit.ExplainAsync(server.Server, transaction, place.Epoch, failure, deadline);
    }

    /// <summary>Whether the reason why it was not committed may be gone soon.</summary>
    bool MayPass(CommitFailure failure, int attempt) => failure switch
    {
        CommitFailure.Fenced => deadline.Elapsed < limits.FenceDeadline,
        CommitFailure.NotSent => attempt < UnsentMax,
        _ => false,
    };

    /// <summary>
    /// Where to try next. A refusal by the fence means that the topology is old, or that the shard is on its way: it is
    /// read again.
    /// </summary>
    async Task<ShardPlacement> NextPlaceAsync(
        ShardPlacement place, CommitFailure failure, int attempt, CancellationToken cancellation)
    {
        if (failure == CommitFailure.Fenced
            && (await topology.RefreshAsync(cancellation)).Shard(transaction.Shard) is { } fresh && fresh != place)
            return fresh;
        var pauseMs = Math.Min(10 << Math.Min(attempt, 10), PauseMsMax);
        await deadline.PauseAsync(TimeSpan.FromMilliseconds(pauseMs), cancellation);
        return topology.Current.Shard(transaction.Shard);
    }

    /// <summary>Whether somebody has given the write up, unless that is what it was to do itself.</summary>
    bool IsUsedUp(JournalRow row) => row.IsAbandoned() && !IsToUseUp;

    bool IsToUseUp => transaction.Entries.AsSpan().SequenceEqual(JournalCodec.Abandoned);

    /// <summary>An id that is in the journal is that of this write, or the caller has named two writes alike.</summary>
    CommitReceipt ReceiptOf(JournalRow row) =>
        IsToUseUp || JournalCodec.ChangesTheSame(transaction.Shard, row, transaction.Entries)
            ? new(row.Seq, row.LocalBase)
            : throw RefusedCommit.OtherChanges(transaction);
}
