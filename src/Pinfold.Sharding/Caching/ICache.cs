namespace Pinfold.Sharding.Caching;

/// <summary>
/// A look-aside cache that can be trusted beside a database: who misses gets a lease to fill, an invalidation takes
/// that lease away, and so a value read before a write never lands after it.
/// </summary>
/// <remarks>
/// No method but <see cref="EnsureInvalidatedAsync"/> throws because a cache server is down, slow or full: a read is
/// then a miss without a lease, a fill is dropped, and it is counted. A method throws
/// <see cref="OperationCanceledException"/> when its own caller cancels, and <see cref="PinfoldException"/> (Invalid)
/// for a key that is not 1 to 250 printable ASCII characters, no blanks.
/// Values that are read belong to the caller, who must not change them; values to fill may be reused as soon as
/// <see cref="FillAsync"/> has completed.
/// </remarks>
public interface ICache : IAsyncDisposable
{
    /// <summary>
    /// Reads <paramref name="keys"/>, in order; one write and one read per cache server that owns any of them.
    /// A key that another reader is filling right now answers <see cref="CacheState.Pending"/>.
    /// </summary>
    ValueTask<CacheRead[]> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellation);

    /// <summary>
    /// Stores values under the leases that <see cref="ReadAsync"/> of this same cache gave. A lease that was lost
    /// meanwhile (invalidated, expired, its connection broken) makes that one value be dropped. One write per cache
    /// server.
    /// </summary>
    ValueTask FillAsync(IReadOnlyList<CacheFill> fills, CancellationToken cancellation);

    /// <summary>
    /// Makes every later read miss, and every fill under an earlier lease fail. Completes when each server that may
    /// hold the key confirmed it, or was found dead and will be emptied of these keys before it is asked again.
    /// Call it after the write is committed. Cancelling ends the waiting only: the invalidation is delivered anyway.
    /// </summary>
    ValueTask InvalidateAsync(IReadOnlyList<string> keys, CancellationToken cancellation);

    /// <summary>
    /// The same, for who has a memory that outlives this process (a follower with its cursor) and asks again: completes
    /// only when no process can read the old values any more, since each server that may hold the key confirmed it, or
    /// refused connections meanwhile and so holds nothing. A server that is known to be silent is not waited for.
    /// </summary>
    /// <remarks>What a cache does that has no servers to lose: the same as <see cref="InvalidateAsync"/>.</remarks>
    /// <exception cref="PinfoldException">
    /// Unavailable: a server, which is named, neither confirmed nor refused. The others have confirmed.
    /// </exception>
    ValueTask EnsureInvalidatedAsync(IReadOnlyList<string> keys, CancellationToken cancellation) =>
        InvalidateAsync(keys, cancellation);
}

/// <summary>What a cache knew of one key.</summary>
public enum CacheState
{
    /// <summary>No value and no lease (the cache is down or refuses): read the source, fill nothing.</summary>
    Miss,

    /// <summary>A value.</summary>
    Hit,

    /// <summary>No value, and this caller holds the lease: read the source and fill.</summary>
    MissWithLease,

    /// <summary>No value yet; another caller holds the lease. Ask again shortly.</summary>
    Pending,
}

/// <summary>
/// The answer for one key; <see cref="Value"/> is empty unless a hit, <see cref="Lease"/> 0 unless leased.
/// </summary>
public readonly record struct CacheRead(CacheState State, ReadOnlyMemory<byte> Value, ulong Lease);

/// <summary>
/// A value to store under a lease, for <see cref="TimeToLive"/> at most (whole seconds, rounded up). Zero or less gives
/// the lease back without a value, so that the next reader need not wait until it expires.
/// </summary>
public readonly record struct CacheFill(string Key, ulong Lease, ReadOnlyMemory<byte> Value, TimeSpan TimeToLive);
