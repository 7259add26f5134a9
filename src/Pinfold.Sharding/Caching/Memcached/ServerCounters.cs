namespace Pinfold.Sharding.Caching.Memcached;

/// <summary>What happened between this process and one server since the cache was made.</summary>
internal sealed class ServerCounters
{
    long _writes;
    long _errors;

    /// <summary>Writes to its sockets: what a multi-get costs at most one of.</summary>
    public long Writes => Interlocked.Read(ref _writes);

    public long Errors => Interlocked.Read(ref _errors);

    public void CountWrite() => Interlocked.Increment(ref _writes);

    public void CountError() => Interlocked.Increment(ref _errors);
}
