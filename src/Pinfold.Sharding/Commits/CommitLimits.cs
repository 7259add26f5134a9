namespace Pinfold.Sharding.Commits;

/// <summary>Limits of the writes of one process to one server.</summary>
/// <param name="Lanes">How many commits may be under way at once.</param>
/// <param name="TransactionsMax">How many transactions one commit may carry.</param>
/// <param name="BytesMax">About how large one commit may get; a single larger transaction goes alone.</param>
/// <param name="WaitingMax">How many transactions may wait; one more is refused.</param>
/// <param name="Deadline">How long a transaction is tried before its writer is told.</param>
sealed record CommitLimits(int Lanes, int TransactionsMax, int BytesMax, int WaitingMax, TimeSpan Deadline)
{
    public static CommitLimits Default { get; } = new(4, 64, 4 << 20, 10_000, TimeSpan.FromSeconds(10));

    /// <summary>
    /// So many have to wait for each lane there is before another opens: few large commits cost less than many small
    /// ones.
    /// </summary>
    public int WaitingPerLane { get; init; } = 6;

    /// <summary>But nobody waits longer than this behind a slow commit while a lane is free.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(5);
}
