namespace Pinfold.Sharding.Retention;

/// <summary>What there is of a shard's journal, and how much of it nobody needs.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Server">Where it is.</param>
/// <param name="First">The first number that is there; one more than <paramref name="Last"/> if there is none.</param>
/// <param name="Last">The last number.</param>
/// <param name="Bytes">About how many bytes the rows take, by the mean of the newest hundred.</param>
/// <param name="OldestAt">When the first was written, by its writer's clock; null if there is none.</param>
/// <param name="Slowest">The follower that is farthest behind; null if none was ever here.</param>
/// <param name="SlowestAt">Up to where it is; 0 for one that was never here but is elsewhere.</param>
/// <param name="Parked">How many entries are parked and not skipped.</param>
/// <param name="TrimmableTo">The last number that could go now; before <paramref name="First"/> if none can.</param>
/// <param name="IsAtLeast">Whether more might go: only the oldest were looked at.</param>
/// <param name="HeldBy">What keeps the next from going, a phrase.</param>
public sealed record JournalStatus(
    ShardId Shard, string Server, long First, long Last, long Bytes, DateTimeOffset? OldestAt, string? Slowest,
    long SlowestAt, long Parked, long TrimmableTo, bool IsAtLeast, string HeldBy)
{
    /// <summary>How many transactions are there.</summary>
    public long Entries => Last - First + 1;

    /// <summary>How many of them could go now.</summary>
    public long Trimmable => Math.Max(0, TrimmableTo - First + 1);
}
