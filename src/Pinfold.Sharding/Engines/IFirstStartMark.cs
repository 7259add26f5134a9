namespace Pinfold.Sharding.Engines;

/// <summary>
/// A durable mark on a server, from before its first shard is made until the last shard of the installation is there:
/// its shards are new, and nothing was ever committed to them. While it stands, a shard that is missing was not made
/// yet; without it, one that is missing was lost.
/// </summary>
interface IFirstStartMark
{
    /// <summary>The first start that has not ended here, or null.</summary>
    /// <exception cref="PinfoldException">Unavailable: the server does not answer.</exception>
    ValueTask<FirstStart?> FindAsync(CancellationToken cancellation);

    /// <summary>Leaves the mark. One that stands stays as it is: two processes may begin at once.</summary>
    /// <exception cref="PinfoldException">Unavailable: it could not be left; no shard may be made.</exception>
    ValueTask LeaveAsync(FirstStart start, CancellationToken cancellation);

    /// <summary>Takes it away; another process may have done so already.</summary>
    /// <exception cref="PinfoldException">Unavailable: it may stand yet, until the next start.</exception>
    ValueTask RemoveAsync(CancellationToken cancellation);
}

/// <summary>A first start: how many shards are being made in all, and since when by the clock of who began.</summary>
sealed record FirstStart(int ShardCount, DateTimeOffset BegunAt);
