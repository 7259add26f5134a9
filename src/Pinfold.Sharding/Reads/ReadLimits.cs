using Pinfold.Sharding.Lanes;

namespace Pinfold.Sharding.Reads;

/// <summary>Limits of the small reads of one process from one server.</summary>
sealed record ReadLimits : ILaneLimits
{
    public static ReadLimits Default { get; } = new();

    /// <summary>How many round trips may be under way at once.</summary>
    public int Lanes { get; init; } = 16;

    /// <summary>So many round trips are under way before any read waits.</summary>
    public int LanesAtOnce { get; init; } = 2;

    /// <summary>So many have to wait for each lane there is before another opens.</summary>
    public int WaitingPerLane { get; init; } = 4;

    /// <summary>
    /// How many reads one round trip may carry together; a call that asks for more than half of that goes alone, at
    /// once.
    /// </summary>
    public int ReadsMax { get; init; } = 32;

    /// <summary>How many calls may wait; one more is refused.</summary>
    public int WaitingMax { get; init; } = 10_000;

    /// <summary>But nobody waits longer than this behind a slow read while a lane is free.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>Who has waited this long for a lane is told so, and not sent any more.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(10);
}
