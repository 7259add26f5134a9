namespace Pinfold.Sharding.Engines;

/// <summary>
/// The journals of one server's shards as somebody sees them who takes their beginning away. A shard that is not here
/// is missing in an answer.
/// </summary>
/// <remarks>
/// Numbers have no gaps and the newest rows are always kept, so the first number that is there says what is gone: no
/// other mark is needed.
/// </remarks>
interface IJournalTrim
{
    /// <summary>Milliseconds since 1970 by the server's clock.</summary>
    ValueTask<long> ReadClockAsync(CancellationToken cancellation);

    /// <summary>From where to where the journals go. A round trip for some dozens of shards.</summary>
    ValueTask<IReadOnlyList<JournalExtent>> ReadExtentsAsync(
        IReadOnlyList<ShardId> shards, CancellationToken cancellation);

    /// <summary>What followers have parked on these shards, and what of it was skipped. One round trip.</summary>
    ValueTask<IReadOnlyList<ParkedHold>> ReadParkedAsync(
        IReadOnlyList<ShardId> shards, CancellationToken cancellation);

    /// <summary>The times of the rows after a number, in order. One round trip.</summary>
    ValueTask<IReadOnlyList<RowTime>> ReadTimesAsync(
        ShardId shard, long after, int limit, CancellationToken cancellation);

    /// <summary>
    /// Removes rows of the journal, as far as nobody needs them, and what was skipped of them: looked up and done in
    /// one transaction, during which no cursor of the shard comes or moves and nothing is parked. One round trip.
    /// </summary>
    ValueTask<TrimAnswer> TrimAsync(TrimCut cut, CancellationToken cancellation);

    /// <summary>
    /// Takes away a follower's cursors on these shards, with what it has parked there; how many cursors. One round
    /// trip.
    /// </summary>
    ValueTask<int> ForgetAsync(string follower, IReadOnlyList<ShardId> shards, CancellationToken cancellation);

    /// <summary>
    /// Puts a follower's cursor, where it stands before the first row that is there, before that row, and ends the
    /// claim of whoever has it; whether it stood so. One round trip.
    /// </summary>
    ValueTask<bool> MoveToBeginAsync(ShardId shard, string follower, CancellationToken cancellation);
}

/// <summary>What of a shard's journal is there.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="First">The first number; one more than the last where there is no row.</param>
/// <param name="Last">The last number.</param>
/// <param name="FirstAtMs">When the first row was written, by its writer's clock; 0 where there is none.</param>
/// <param name="RowBytes">About how many bytes a row has: the mean of the newest hundred.</param>
readonly record struct JournalExtent(ShardId Shard, long First, long Last, long FirstAtMs, long RowBytes);

/// <summary>What a follower has parked on a shard.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Follower">Whose.</param>
/// <param name="First">The lowest number that is tried again; null where all are skipped.</param>
/// <param name="Count">How many are tried again.</param>
/// <param name="Skipped">How many are not.</param>
readonly record struct ParkedHold(ShardId Shard, string Follower, long? First, long Count, long Skipped);

/// <summary>When a row was written, in ms since 1970 by its writer's clock.</summary>
readonly record struct RowTime(long Seq, long AtMs);

/// <summary>Rows to be removed from a journal.</summary>
/// <param name="Shard">Whose journal.</param>
/// <param name="From">The first.</param>
/// <param name="To">The last, if nobody needs it.</param>
/// <param name="Followers">Each of which must have a cursor on the shard.</param>
/// <param name="KeepRows">How many of the newest rows stay in any case; at least one.</param>
sealed record TrimCut(ShardId Shard, long From, long To, IReadOnlyList<string> Followers, int KeepRows);

/// <summary>What was removed, and the last number that nobody needed then; -1 if all are needed.</summary>
readonly record struct TrimAnswer(int Rows, long Limit);
