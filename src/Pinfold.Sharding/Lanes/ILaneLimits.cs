namespace Pinfold.Sharding.Lanes;

/// <summary>Limits of the round trips of one process to one server.</summary>
interface ILaneLimits
{
    /// <summary>How many may be under way at once.</summary>
    int Lanes { get; }

    /// <summary>So many are under way before anybody waits.</summary>
    int LanesAtOnce { get; }

    /// <summary>
    /// So many have to wait for each lane there is before another opens: few large round trips cost less than many
    /// small ones.
    /// </summary>
    int WaitingPerLane { get; }

    /// <summary>How many may wait; one more is refused.</summary>
    int WaitingMax { get; }

    /// <summary>But nobody waits longer than this behind a slow one while a lane is free.</summary>
    TimeSpan Patience { get; }
}
