namespace Pinfold.Sharding.Engines;

/// <summary>
/// How far each follower is on each shard, and what it has put aside there: kept with the shard, so that both move with
/// it. Every method is one round trip, whatever the number of shards. A shard that is not here is missing in an answer.
/// </summary>
/// <remarks>
/// A claim, written into a cursor, decides who <em>can</em> follow: it is asked for with each advance and each parking,
/// so who lost the shard changes nothing there. (A move, too, claims a shard's cursors before it copies them.)
/// </remarks>
interface ICursors
{
    /// <summary>
    /// Makes cursors where they are missing and claims them, where the shard is open; from then on every earlier claim
    /// is refused.
    /// </summary>
    ValueTask<IReadOnlyList<ClaimedCursor>> ClaimAsync(
        IReadOnlyList<CursorClaim> claims, Guid claim, CancellationToken cancellation);

    /// <summary>
    /// The last journal number of each of these shards. A SQLite file that nobody wrote since it was last read is not
    /// opened for it.
    /// </summary>
    ValueTask<IReadOnlyList<ShardSeq>> ReadLastSeqsAsync(IReadOnlyList<ShardId> shards, CancellationToken cancellation);

    /// <summary>All cursors of these shards.</summary>
    ValueTask<IReadOnlyList<CursorRow>> ReadCursorsAsync(IReadOnlyList<ShardId> shards, CancellationToken cancellation);

    /// <summary>
    /// Moves cursors that stand where they are believed to stand, under the claim; answers those that refused.
    /// </summary>
    ValueTask<IReadOnlyList<CursorMove>> AdvanceAsync(
        IReadOnlyList<CursorMove> moves, CancellationToken cancellation);

    /// <summary>
    /// Parks an entry, or says anew why it is parked; false when the claim is no longer the cursor's.
    /// </summary>
    ValueTask<bool> ParkAsync(Guid claim, ParkedRow row, CancellationToken cancellation);

    /// <summary>Changes attempts, next time and reason of a parked entry; nothing happens if it is gone.</summary>
    ValueTask RescheduleAsync(ParkedRow row, CancellationToken cancellation);

    /// <summary>Takes an entry out of the parked ones; false if it was not there.</summary>
    ValueTask<bool> UnparkAsync(ShardId shard, string follower, long seq, CancellationToken cancellation);

    /// <summary>
    /// Parked entries that are due at a moment, those due first first, at most <paramref name="limit"/> of each shard.
    /// </summary>
    ValueTask<IReadOnlyList<ParkedRow>> ReadParkedAsync(
        IReadOnlyList<ShardId> shards, string? follower, long dueMs, int limit, CancellationToken cancellation);

    /// <summary>
    /// Makes all entries of a follower due that are parked on these shards and not skipped; how many.
    /// </summary>
    ValueTask<int> MakeDueAsync(IReadOnlyList<ShardId> shards, string follower, CancellationToken cancellation);

    /// <summary>
    /// How many entries are parked on these shards and not skipped, by shard and follower; none where there are none.
    /// </summary>
    ValueTask<IReadOnlyList<ParkedSummary>> SumParkedAsync(
        IReadOnlyList<ShardId> shards, CancellationToken cancellation);
}

/// <summary>
/// The shards whose cursors a follower wants, and whether it begins on a new one after what is there.
/// </summary>
sealed record CursorClaim(string Follower, bool AtEnd, IReadOnlyList<ShardId> Shards);

/// <summary>A cursor that is claimed now.</summary>
readonly record struct ClaimedCursor(ShardId Shard, string Follower, long Seq, long LastSeq, ParkedSummary Parked);

/// <summary>A shard's last journal number.</summary>
readonly record struct ShardSeq(ShardId Shard, long Seq);

/// <summary>How far a follower is on a shard.</summary>
readonly record struct CursorRow(ShardId Shard, string Follower, long Seq);

/// <summary>A cursor's move under a claim, from where it is believed to stand.</summary>
readonly record struct CursorMove(ShardId Shard, string Follower, Guid Claim, long From, long To);

/// <summary>A parked entry as stored; times in ms since 1970 by the clock of the process that parked it.</summary>
sealed record ParkedRow(ShardId Shard, string Follower, long Seq, int Attempts, long ParkedAtMs, long NextAtMs,
    string Reason)
{
    public const int ReasonLengthMax = 1000;

    /// <summary>The next time of an entry that was skipped: the last moment of the year 9999.</summary>
    public const long Never = 253_402_300_799_999;
}

/// <summary>How many entries a follower has parked on a shard, and when the first of them is due.</summary>
readonly record struct ParkedSummary(ShardId Shard, string Follower, long Count, long NextAtMs);
