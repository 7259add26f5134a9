namespace Pinfold.Sharding.Engines;

/// <summary>
/// What a shard's way from one server to another takes of each of them. Which of the two is the shard is decided by
/// its epoch and state alone; a <em>mark</em> beside its row says what an operation is about to do with it.
/// </summary>
/// <remarks>
/// Every write asks for the mark of its operation and of the process that runs it, in the same transaction: a process
/// that was believed dead changes nothing more. All of them may be done again.
/// </remarks>
interface IShardCopies
{
    /// <summary>What is marked here; one round trip.</summary>
    ValueTask<IReadOnlyList<ShardMark>> ListMarksAsync(CancellationToken cancellation);

    /// <summary>
    /// Has the mark of a shard, if it is of this operation, be that of the process which runs it now.
    /// </summary>
    /// <returns>The mark, whosever it is; null for none.</returns>
    ValueTask<ShardMark?> TakeAsync(ShardId shard, MarkHolder by, CancellationToken cancellation);

    /// <summary>About how much there is of these shards.</summary>
    ValueTask<IReadOnlyList<ShardSize>> MeasureAsync(
        IReadOnlyList<ShardId> shards, CancellationToken cancellation);

    /// <summary>
    /// Makes a shard that is closed, empty and marked as arriving. One that is marked so by this operation is left as
    /// it is, and is this process's then.
    /// </summary>
    /// <exception cref="PinfoldException">Conflict: there is something of that shard here already.</exception>
    ValueTask MakeAsync(ShardId shard, long epoch, MarkHolder by, CancellationToken cancellation);

    /// <summary>
    /// Marks a shard that is here under that epoch as leaving; a mark of this operation is taken over.
    /// </summary>
    /// <exception cref="PinfoldException">Conflict: another operation marked it, or its epoch is another.</exception>
    ValueTask MarkLeavingAsync(ShardId shard, long epoch, MarkHolder by, CancellationToken cancellation);

    /// <summary>Has what left from here arrive again, closed, with what it was when it left.</summary>
    /// <exception cref="PinfoldException">Conflict: nothing of it is here that has left.</exception>
    ValueTask ReviveAsync(ShardId shard, long epoch, MarkHolder by, CancellationToken cancellation);

    /// <summary>Rows in the order of their keys.</summary>
    ValueTask<IReadOnlyList<Cell[]>> ReadAsync(
        ShardId shard, ShardTable table, RowRange range, int limit, CancellationToken cancellation);

    /// <summary>Those of these rows that are there.</summary>
    ValueTask<IReadOnlyList<Cell[]>> FindAsync(
        ShardId shard, ShardTable table, IReadOnlyList<RowKey> keys, CancellationToken cancellation);

    /// <summary>The tombstones of these lists.</summary>
    ValueTask<IReadOnlyList<Cell[]>> ReadTombstonesAsync(
        ShardId shard, IReadOnlyList<ListKey> lists, CancellationToken cancellation);

    /// <summary>The key of the last of so many rows behind one; null if there are fewer.</summary>
    ValueTask<RowKey?> FindEndAsync(
        ShardId shard, ShardTable table, RowKey? after, int rows, CancellationToken cancellation);

    /// <summary>The checksum of rows, reckoned where they are.</summary>
    ValueTask<RowSum> SumAsync(ShardId shard, ShardTable table, RowRange range, CancellationToken cancellation);

    /// <summary>Changes what arrives, in one transaction.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="changes">Done in their order.</param>
    /// <param name="lastSeq">Up to which journal number it is whole then; null where that is as before.</param>
    /// <param name="by">Whose mark it has.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    ValueTask WriteAsync(
        ShardId shard, IReadOnlyList<TableChange> changes, long? lastSeq, MarkHolder by,
        CancellationToken cancellation);

    /// <summary>
    /// Closes what leaves: no write is under way when this returns, and none passes the fence after it.
    /// </summary>
    /// <returns>Its row then.</returns>
    ValueTask<ShardRow> CloseAsync(ShardId shard, MarkHolder by, CancellationToken cancellation);

    /// <summary>Opens again what was to leave; nothing happens if it has no mark.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="keepsMark">Whether it is to leave later.</param>
    /// <param name="by">Whose mark it has.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    ValueTask ReopenAsync(ShardId shard, bool keepsMark, MarkHolder by, CancellationToken cancellation);

    /// <summary>
    /// Takes the cursors of a closed shard from whoever follows it, and reads them with what is parked.
    /// </summary>
    ValueTask<FollowerState> FreezeFollowersAsync(ShardId shard, MarkHolder by, CancellationToken cancellation);

    /// <summary>
    /// Opens what has arrived, under the epoch for which it was made, and takes its mark away; nothing happens if it
    /// was opened so already.
    /// </summary>
    /// <param name="shard">The shard.</param>
    /// <param name="closed">The row of what leaves: its last numbers.</param>
    /// <param name="followers">Cursors and what is parked.</param>
    /// <param name="epoch">That it was made for.</param>
    /// <param name="by">Whose mark it has.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="PinfoldException">Conflict: it is not whole up to the last journal number.</exception>
    ValueTask OpenAsync(
        ShardId shard, ShardRow closed, FollowerState followers, long epoch, MarkHolder by,
        CancellationToken cancellation);

    /// <summary>
    /// Puts what is closed here out of the way of readers, and marks it as having left. It can be revived.
    /// </summary>
    ValueTask LeaveAsync(ShardId shard, MarkHolder by, CancellationToken cancellation);

    /// <summary>Removes what arrives, or has left; nothing happens if it is gone.</summary>
    /// <exception cref="PinfoldException">Conflict: it is neither.</exception>
    ValueTask DropAsync(ShardId shard, MarkHolder by, CancellationToken cancellation);
}

/// <summary>What a mark says of what is here of a shard.</summary>
enum ShardMarkRole
{
    /// <summary>It is being filled, and closed.</summary>
    Arriving = 1,

    /// <summary>It is about to be closed, or is; it is the shard still.</summary>
    Leaving = 2,

    /// <summary>It is what the shard was when it went elsewhere; closed, and hidden from readers.</summary>
    Left = 3,
}

/// <summary>A mark as it is stored.</summary>
sealed record ShardMark(ShardId Shard, ShardMarkRole Role, string Operation, long Epoch, long LastSeq);

/// <summary>The operation that a mark is of, and the process that runs it now.</summary>
readonly record struct MarkHolder(string Operation, string Runner);

/// <summary>About how much there is of a shard.</summary>
readonly record struct ShardSize(ShardId Shard, long Rows, long Bytes);

/// <summary>The list of a mapping from an object.</summary>
readonly record struct ListKey(int Mapping, long From);

/// <summary>Rows of a table that go, and those that come in their place.</summary>
sealed record TableChange(ShardTable Table)
{
    /// <summary>All rows of it go.</summary>
    public RowRange? Range { get; init; }

    public IReadOnlyCollection<RowKey> Keys { get; init; } = [];

    /// <summary>Their tombstones go.</summary>
    public IReadOnlyCollection<ListKey> TombstonesOf { get; init; } = [];

    public IReadOnlyList<Cell[]> Rows { get; init; } = [];
}

/// <summary>What followers keep of a shard.</summary>
sealed record FollowerState(IReadOnlyList<CursorRow> Cursors, IReadOnlyList<ParkedRow> Parked);
