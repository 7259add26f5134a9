using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Lanes;

namespace Pinfold.Sharding.Commits;

/// <summary>
/// One attempt at a write: waits for a lane, then for its answer. Fails with <see cref="CommitFailedException"/> when
/// it was sent, or could not be; with <see cref="PinfoldException"/> when it waited in vain.
/// </summary>
sealed class WaitingCommit(
    string server, PendingTransaction transaction, long epoch, Deadline deadline, CancellationToken cancellation)
    : TaskCompletionSource<CommitReceipt>(TaskCreationOptions.RunContinuationsAsynchronously), IWaiting
{
    // Waits: nobody has sent it. Out: it was sent, and what became of it is not known. GivenUp: it is never sent.
    const int Waits = 0, Out = 1, GivenUp = 2;
    int _state;

    public PendingTransaction Transaction => transaction;

    public ShardId Shard => transaction.Shard;

    public long Epoch => epoch;

    public Deadline Deadline => deadline;

    /// <summary>Whether it goes into no commit with others: an attempt after one whose answer was lost.</summary>
    public bool IsAlone { get; init; }

    /// <summary>
    /// Whether it is to be sent now; then it is out, until <see cref="Recall"/>. If it is not, its writer was told.
    /// </summary>
    public bool TrySend()
    {
        if (Task.IsCompleted)
            return false;
        if (cancellation.IsCancellationRequested)
            return !TrySetCanceled(cancellation);
        if (deadline.IsOver)
            OnTimeOver();
        return Interlocked.CompareExchange(ref _state, Out, Waits) == Waits;
    }

    /// <summary>What was sent is known not to have happened.</summary>
    public void Recall() => Interlocked.CompareExchange(ref _state, Waits, Out);

    /// <summary>Its writer waits no longer, though what was sent may still be answered.</summary>
    public void OnTimeOver()
    {
        if (Interlocked.CompareExchange(ref _state, GivenUp, Waits) == Waits)
            TrySetException(new PinfoldException(ErrorKind.DeadlineExceeded,
                $"A write to shard {Shard} waited for server {server} until its time was over, and was not sent. "
                + "Nothing was changed.")
            { Shard = Shard });
        else if (Volatile.Read(ref _state) == Out)
            TrySetException(new CommitFailedException(
                CommitFailure.Unknown, $"Server {server} did not answer in time."));
    }

    /// <summary>Each of those who failed together has a failure of its own to throw.</summary>
    public void Fail(CommitFailedException failure) =>
        TrySetException(new CommitFailedException(failure.Failure, failure.Message, failure.InnerException));
}
