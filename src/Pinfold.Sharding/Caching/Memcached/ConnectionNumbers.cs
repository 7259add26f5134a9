namespace Pinfold.Sharding.Caching.Memcached;

/// <summary>Numbers the connections of a ring, 1 to <see cref="CacheLease.ConnectionMax"/> and round again.</summary>
internal sealed class ConnectionNumbers
{
    uint _last;

    public uint Next() => (Interlocked.Increment(ref _last) - 1) % CacheLease.ConnectionMax + 1;
}
