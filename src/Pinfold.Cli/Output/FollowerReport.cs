namespace Pinfold.Cli.Output;

/// <summary>A follower over all shards, as <c>follower list --json</c> writes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shards">How many shards there are for it.</param>
/// <param name="Lag">How many transactions are before it on all of them.</param>
/// <param name="WorstLag">How many on its worst shard.</param>
/// <param name="WorstShard">Which that is; null where it has handled everything.</param>
/// <param name="Parked">How many entries are parked.</param>
/// <param name="NextAttempt">When the first of these is tried again.</param>
/// <param name="CutOff">Where the journal was trimmed beyond its place, so that it has to be made anew.</param>
sealed record ListedFollower(
    string Name, int Shards, long Lag, long WorstLag, int? WorstShard, long Parked, DateTimeOffset? NextAttempt,
    ShownGap[] CutOff);

/// <summary>A shard on which what comes next for a follower is gone.</summary>
sealed record ShownGap(int Shard, long Position, long JournalBegin);

/// <summary>A follower on each shard, and what it has put aside, as <c>follower show --json</c> writes it.</summary>
sealed record ShownFollower(string Name, ShownLag[] Shards, ShownEntry[] Parked, ShownEntry[] Skipped);

/// <summary>A follower on one shard.</summary>
sealed record ShownLag(int Shard, long Position, long JournalEnd, long Lag, long Parked);

/// <summary>What a follower could not handle.</summary>
sealed record ShownEntry(
    string Entry, int Attempts, DateTimeOffset ParkedAt, DateTimeOffset? NextAttempt, string Reason);
