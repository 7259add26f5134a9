namespace Pinfold.Sharding.Caching.Memcached;

/// <summary>One server of the ring as this process sees it; other processes may see another picture.</summary>
/// <param name="Server">Its name as configured: host and port.</param>
/// <param name="IsAlive">Whether it is asked; a server that was never needed yet counts as dead.</param>
/// <param name="MissedInvalidations">Keys it will be rid of before it is asked again.</param>
/// <param name="Writes">Writes to its sockets so far; one carries many commands.</param>
/// <param name="Errors">Failed connections, timeouts and refused commands so far.</param>
public sealed record MemcachedServerStatus(
    string Server, bool IsAlive, int MissedInvalidations, long Writes, long Errors);
