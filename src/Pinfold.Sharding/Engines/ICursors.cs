namespace Pinfold.Sharding.Engines;

/// <summary>
/// How far each follower is on each shard, and what it has put aside there: kept with the shard, so that both move with
/// it. Every method is one round trip, whatever the number of shards.
/// </summary>
/// <remarks>
/// A claim, written into a cursor, decides who <em>can</em> follow: it is asked for with each advance and each parking,
/// so who lost the shard changes nothing there. (A move, too, claims a shard to stop its followers before it copies
/// their cursors.)
/// </remarks>
interface ICursors
{
    /// <summary>
    /// Makes cursors where they are missing and claims all of each open shard; from then on every earlier claim is
    /// refused. A shard that is not here is missing in the answer.
    /// </summary>
    ValueTask<IReadOnlyList<ClaimedShard>> ClaimAsync(
        IReadOnlyList<ShardId> shards, Guid claim, IReadOnlyList<FollowerStart> followers,
        CancellationToken cancellation);

    /// <summary>
    /// The last journal number of each of these shards, as far as they are here. A SQLite file that nobody wrote since
    /// it was last read is not opened for it.
    /// </summary>
    ValueTask<IReadOnlyList<ShardSeq>> ReadLastSeqsAsync(IReadOnlyList<ShardId> shards, CancellationToken cancellation);

    /// <summary>All cursors of these shards.</summary>
    ValueTask<IReadOnlyList<CursorRow>> ReadCursorsAsync(IReadOnlyList<ShardId> shards, CancellationToken cancellation);

    /// <summary>
    /// Moves cursors that stand where they are believed to stand, under the claim; answers the shards that refused.
    /// </summary>
    ValueTask<IReadOnlyList<ShardId>> AdvanceAsync(IReadOnlyList<CursorAdvance> advances,
        CancellationToken cancellation);

    /// <summary>Parks an entry, or says anew why it is parked; false when the claim is no longer the shard's.</summary>
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

    /// <summary>How many entries a shard has parked, by follower.</summary>
    ValueTask<IReadOnlyList<ParkedSummary>> SumParkedAsync(ShardId shard, CancellationToken cancellation);
}

/// <summary>A follower, and whether it begins on a new shard after what is there.</summary>
readonly record struct FollowerStart(string Name, bool AtEnd);

/// <summary>A shard after it was claimed; when it is closed, it was not.</summary>
sealed record ClaimedShard(
    ShardId Shard, ShardState State, long LastSeq, IReadOnlyDictionary<string, long> Cursors,
    IReadOnlyDictionary<string, ParkedSummary> Parked);

/// <summary>A shard's last journal number.</summary>
readonly record struct ShardSeq(ShardId Shard, long Seq);

/// <summary>How far a follower is on a shard.</summary>
readonly record struct CursorRow(ShardId Shard, string Follower, long Seq);

/// <summary>Moves of a shard's cursors, under one claim.</summary>
sealed record CursorAdvance(ShardId Shard, Guid Claim, IReadOnlyList<CursorMove> Moves);

/// <summary>A cursor's move from where it is believed to stand.</summary>
readonly record struct CursorMove(string Follower, long From, long To);

/// <summary>A parked entry as stored; times in ms since 1970 by the clock of the process that parked it.</summary>
sealed record ParkedRow(ShardId Shard, string Follower, long Seq, int Attempts, long ParkedAtMs, long NextAtMs,
    string Reason)
{
    public const int ReasonLengthMax = 1000;
}

/// <summary>How many entries a follower has parked on a shard, and when the first of them is due.</summary>
readonly record struct ParkedSummary(string Follower, long Count, long NextAtMs);
