namespace Pinfold.Sharding.Caching.Memcached;

/// <summary>How an attempt to reach a server that was not alive has ended.</summary>
internal enum ReachOutcome
{
    /// <summary>It answers, and has confirmed every invalidation that this process had remembered for it.</summary>
    Alive,

    /// <summary>It refused the connection: nothing listens there, so what it held is gone.</summary>
    Refused,

    /// <summary>It did not accept in time, or accepted and did not answer in time: it may hold all yet.</summary>
    Silent,

    /// <summary>It hung up, answered out of the protocol, or cannot be found: likewise.</summary>
    Broken,
}
