namespace Pinfold.Sharding.Topology;

/// <summary>
/// Neighbouring shards, <paramref name="First"/> to <paramref name="Last"/> inclusive, that are on one server under
/// one epoch.
/// </summary>
/// <param name="First">The first shard.</param>
/// <param name="Last">The last shard, itself included.</param>
/// <param name="Server">The name of the server that has them.</param>
/// <param name="Epoch">What their writers present, from 1 up; a shard refuses every other epoch than its own.</param>
/// <param name="Open">Whether new owners (new users) are placed here; existing ones write either way.</param>
/// <param name="Weight">
/// How often EACH of these shards is picked for a new owner, relative to the other open shards, so that splitting a
/// range changes nothing; 0 (never) to 1,000,000.
/// </param>
public sealed record ShardRange(
    ShardId First, ShardId Last, string Server, long Epoch = 1, bool Open = true, int Weight = 1)
{
    /// <summary>The greatest <see cref="Weight"/>.</summary>
    public const int WeightMax = 1_000_000;

    /// <summary>How many shards these are.</summary>
    public int ShardCount => Last.Value - First.Value + 1;
}
