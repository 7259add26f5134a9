namespace Pinfold.Sharding.Caching.Memcached;

/// <summary>
/// A lease on a Memcached server: the CAS of the placeholder, and the connection that it came over. The connection
/// matters because a restarted server counts its CAS from 1 again: an old number alone could match a new placeholder.
/// </summary>
internal readonly record struct CacheLease(uint Connection, ulong Cas)
{
    const int CasBits = 44;
    const ulong CasMax = (1UL << CasBits) - 1;

    /// <summary>Connections are numbered 1 to this, then from 1 again: a million of them outlive any lease.</summary>
    public const uint ConnectionMax = (1u << (64 - CasBits)) - 1;

    /// <summary>0 when the CAS has outgrown its 44 bits (17 million million writes): no lease then.</summary>
    public ulong Packed => Cas is 0 or > CasMax ? 0 : ((ulong)Connection << CasBits) | Cas;

    public static CacheLease Unpack(ulong lease) => new((uint)(lease >> CasBits), lease & CasMax);
}
