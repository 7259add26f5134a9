namespace Pinfold.Sharding.Topology;

/// <summary>
/// Where objects are cached: a ring of Memcached servers, or the process's own memory if it is empty.
/// </summary>
public sealed record CacheSpec
{
    /// <summary>The size of the in-process cache when the topology names none, in MiB.</summary>
    public const int DefaultMemoryMiB = 64;

    /// <summary>The ring; its order carries no meaning. Empty: each process caches in its own memory.</summary>
    public IReadOnlyList<HostPort> Memcached { get; init; } = [];

    /// <summary>What the in-process cache may hold at most; not used while there is a ring.</summary>
    public int MemoryMiB { get; init; } = DefaultMemoryMiB;

    /// <inheritdoc/>
    public bool Equals(CacheSpec? other) =>
        other is not null && MemoryMiB == other.MemoryMiB && Memcached.SequenceEqual(other.Memcached);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(MemoryMiB, Memcached.Count);
}
