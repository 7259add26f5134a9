namespace Pinfold.Cli.Output;

/// <summary>The journals, as <c>journal status --json</c> writes them.</summary>
/// <param name="Journals">By shard, or summed by server.</param>
/// <param name="UnknownFollowers">Have places there, and no program that is known has them.</param>
sealed record ShownJournals(ListedJournal[] Journals, string[] UnknownFollowers);

/// <summary>A shard's journal, or those of a server's shards together.</summary>
/// <param name="Server">Where it is.</param>
/// <param name="Shard">Which; null for all of the server.</param>
/// <param name="Shards">How many.</param>
/// <param name="First">The first number that is there; null for several.</param>
/// <param name="Last">The last; null for several.</param>
/// <param name="Transactions">How many there are.</param>
/// <param name="Bytes">About how many bytes they take.</param>
/// <param name="Oldest">When the first was written.</param>
/// <param name="Slowest">The follower that is farthest behind on a shard.</param>
/// <param name="Behind">How many are before it there.</param>
/// <param name="Parked">How many entries are parked.</param>
/// <param name="CouldGo">How many could go now.</param>
/// <param name="CouldGoIsAtLeast">Whether it may be more.</param>
/// <param name="CouldGoTo">The last that could; null for several.</param>
/// <param name="HeldBy">What keeps the next.</param>
sealed record ListedJournal(
    string Server, int? Shard, int Shards, long? First, long? Last, long Transactions, long Bytes,
    DateTimeOffset? Oldest, string? Slowest, long Behind, long Parked, long CouldGo, bool CouldGoIsAtLeast,
    long? CouldGoTo, string HeldBy);
