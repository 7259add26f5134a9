using Pinfold.Sharding.Lanes;

namespace Pinfold.Sharding.Commits;

/// <summary>Limits of the writes of one process to one server.</summary>
sealed record CommitLimits : ILaneLimits
{
    public static CommitLimits Default { get; } = new();

    /// <summary>How many commits may be under way at once.</summary>
    public int Lanes { get; init; } = 4;

    /// <summary>So many commits are under way before any write waits.</summary>
    public int LanesAtOnce { get; init; } = 1;

    /// <summary>
    /// So many have to wait for each lane there is before another opens: few large commits cost less than many small
    /// ones.
    /// </summary>
    public int WaitingPerLane { get; init; } = 6;

    /// <summary>How many transactions may wait; one more is refused.</summary>
    public int WaitingMax { get; init; } = 10_000;

    /// <summary>But nobody waits longer than this behind a slow commit while a lane is free.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>How many transactions one commit may carry.</summary>
    public int TransactionsMax { get; init; } = 64;

    /// <summary>About how large one commit may get; a single larger transaction goes alone.</summary>
    public int BytesMax { get; init; } = 4 << 20;

    /// <summary>How long a transaction is tried before its writer is told.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(10);
}
