namespace Pinfold.Sharding.Journal;

/// <summary>
/// What was asked for of a shard's journal is not there any more: it was trimmed, and begins later. Nothing is damaged;
/// whoever has its place before it has to be made anew from the tables.
/// </summary>
/// <param name="shard">The shard.</param>
/// <param name="after">The place from which it was to be read on.</param>
/// <param name="first">The first number that is there.</param>
public sealed class JournalTrimmedException(ShardId shard, long after, long first) : PinfoldException(
    ErrorKind.NotFound,
    $"The journal of shard {shard} begins at {first}, for it was trimmed: {after + 1} to {first - 1} are gone.")
{
    /// <summary>The first number that is there.</summary>
    public long First => first;
}
