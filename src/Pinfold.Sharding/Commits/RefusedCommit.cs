using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Lanes;

namespace Pinfold.Sharding.Commits;

/// <summary>
/// What the writer is told when its write did not happen, or nobody knows; a fence or a failed check is explained from
/// the shard as it is now, with one more round trip.
/// </summary>
static class RefusedCommit
{
    /// <summary>It never happens: no attempt is out.</summary>
    public static async Task<PinfoldException> ExplainAsync(
        IShardServer server, PendingTransaction transaction, long epoch, CommitFailedException failure,
        Deadline deadline)
    {
        var shard = transaction.Shard;
        var (kind, message) = failure.Failure switch
        {
            CommitFailure.Precondition => await CheckAsync(server, transaction, deadline),
            CommitFailure.Fenced => (ErrorKind.Fenced,
                $"Shard {shard} refused a write of epoch {epoch}: {await DescribeAsync(server, shard, deadline)}. "
                + "Nothing was changed."),
            CommitFailure.NameTaken => (ErrorKind.Conflict, "This name is taken."),
            // The engine may know better than "not now": damaged, or of a newer version.
            _ when failure.InnerException is PinfoldException known => (known.Kind, known.Message),
            _ => (ErrorKind.Unavailable, failure.Message),
        };
        return new PinfoldException(kind, message, failure) { Shard = shard };
    }

    /// <summary>Its time is over, and an attempt is still out.</summary>
    public static PinfoldException Unknown(
        IShardServer server, PendingTransaction transaction, CommitFailedException failure) =>
        new(ErrorKind.OutcomeUnknown,
            $"A write to shard {transaction.Shard} was sent, and server {server.Name} did not say what became of it. " +
            $"Ask again by its transaction id {transaction.Id}.", failure)
        { Shard = transaction.Shard };

    /// <summary>Somebody has used its id up.</summary>
    public static PinfoldException GivenUp(PendingTransaction transaction) =>
        new(ErrorKind.Conflict,
            $"Write {transaction.Id} to shard {transaction.Shard} was given up before it came, and cannot happen any "
            + "more. Begin another.")
        { Shard = transaction.Shard };

    /// <summary>Another write has its id.</summary>
    public static PinfoldException OtherChanges(PendingTransaction transaction) =>
        new(ErrorKind.Conflict,
            $"Transaction {transaction.Id} was committed to shard {transaction.Shard} before, with other changes. "
            + "Nothing was changed now; give another write another id.")
        { Shard = transaction.Shard };

    static async Task<(ErrorKind Kind, string Message)> CheckAsync(
        IShardServer server, PendingTransaction transaction, Deadline deadline)
    {
        try
        {
            return await PreconditionCheck.ExplainAsync(server, transaction).WaitAsync(deadline.Left, deadline.Time);
        }
        catch (TimeoutException)
        {
            return (ErrorKind.Conflict,
                "An object of this write is missing or was changed meanwhile. Nothing was changed; read again.");
        }
    }

    static async Task<string> DescribeAsync(IShardServer server, ShardId shard, Deadline deadline)
    {
        var read = new ShardRowRead(shard);
        try
        {
            await server.ReadAsync(read, deadline);
        }
        catch (MissingShardException e)
        {
            return MissingShardException.Describe(e.Where);
        }
        catch (Exception e) when (e is PinfoldException or TimeoutException)
        {
            return $"server {server.Name} could not be asked why";
        }
        return read.Row switch
        {
            null => MissingShardException.Describe($"server {server.Name}"),
            { LastLocalId: >= ObjectId.LocalMax - 1000 } => "it has handed out all its local ids",
            { } row =>
                $"it is {row.State.ToString().ToLowerInvariant()} under epoch {row.Epoch} on server {server.Name}",
        };
    }
}
