namespace Pinfold.Sharding.Engines;

/// <summary>One server of the topology, whatever its engine: reads over its shards, and fenced commits.</summary>
interface IShardServer : IAsyncDisposable
{
    /// <summary>Its name in the topology.</summary>
    string Name { get; }

    /// <summary>
    /// Whether one commit may span shards of this server. False where each shard is a file of its own.
    /// </summary>
    bool CommitsAcrossShards { get; }

    /// <summary>
    /// Whether a read is a round trip, which several may share. False where files are read in this process.
    /// </summary>
    bool ReadsAreTrips { get; }

    /// <summary>Which process follows which of this server's shards, and wake-ups.</summary>
    ICoordination Coordination { get; }

    /// <summary>Cursors and parked entries of this server's shards.</summary>
    ICursors Cursors { get; }

    /// <summary>Takes away the beginning of this server's journals.</summary>
    IJournalTrim Trim { get; }

    /// <summary>Whether the shards here are being made for the first time.</summary>
    IFirstStartMark FirstStart { get; }

    /// <summary>What is kept once for all shards, if this is the server that the topology names for it.</summary>
    ICatalogDatabase Catalog { get; }

    /// <summary>What operators do with it.</summary>
    IServerAdmin Admin { get; }

    /// <summary>A shard's way from it and to it.</summary>
    IShardCopies Copies { get; }

    /// <summary>Answers all <paramref name="reads"/>, of any of this server's shards, in one round trip.</summary>
    ValueTask ReadAsync(IReadOnlyList<ShardRead> reads, CancellationToken cancellation);

    /// <summary>
    /// Commits all transactions of all <paramref name="commits"/> (one per shard, in ascending shard order) or none, in
    /// one round trip. The first statement for each shard is its fence.
    /// </summary>
    /// <exception cref="CommitFailedException">
    /// None was committed, or it is not known: it says which. What is refused among others may be accepted alone.
    /// </exception>
    ValueTask<CommitReceipt[]> CommitAsync(IReadOnlyList<ShardCommit> commits, CancellationToken cancellation);

    /// <summary>
    /// Makes the shard's database and tables, with this epoch and open. One that exists is left as it is; one that a
    /// maker left half done is finished: its own row is written last. Processes may make the same shard at once.
    /// </summary>
    ValueTask CreateShardAsync(ShardId shard, long epoch, CancellationToken cancellation);

    /// <summary>The shards that have a database here.</summary>
    ValueTask<IReadOnlyList<ShardId>> ListShardsAsync(CancellationToken cancellation);
}

/// <summary>The transactions of one shard within a commit.</summary>
sealed record ShardCommit(ShardId Shard, long Epoch, IReadOnlyList<PendingTransaction> Transactions);

/// <summary>
/// Where in its shard's journal a transaction stands. A new object's local id is <c>LocalBase + ordinal</c>.
/// </summary>
readonly record struct CommitReceipt(long Seq, long LocalBase);

/// <summary>Why a commit did not happen, or that this is not known.</summary>
enum CommitFailure
{
    /// <summary>A shard's epoch or state is another one: nothing was written.</summary>
    Fenced,

    /// <summary>An object is missing, or its version is another one: nothing was written.</summary>
    Precondition,

    /// <summary>A transaction id stands in the journal already: an earlier attempt was committed.</summary>
    AlreadyCommitted,

    /// <summary>A name is taken: nothing was written.</summary>
    NameTaken,

    /// <summary>
    /// The server refused for a reason of its own (disk full, lock wait, too large): nothing was written.
    /// </summary>
    Refused,

    /// <summary>The connection could not be made: nothing was sent.</summary>
    NotSent,

    /// <summary>The connection broke or time ran out after sending: it may have been written.</summary>
    Unknown,
}

/// <summary>A commit that failed as a whole.</summary>
sealed class CommitFailedException(CommitFailure failure, string message, Exception? cause = null)
    : Exception(message, cause)
{
    public CommitFailure Failure { get; } = failure;

    /// <summary>Which shard's part of the commit failed, by its place; null if it is not known.</summary>
    public int? At { get; init; }
}
