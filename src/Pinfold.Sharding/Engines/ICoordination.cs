namespace Pinfold.Sharding.Engines;

/// <summary>
/// How the processes that follow one server's shards divide them and wake one another, in a place of the server's own
/// (<c>pinfold</c>). Every method is one round trip.
/// </summary>
/// <remarks>
/// Leases run by the server's clock alone. They only say who <em>should</em> follow; who <em>can</em> is decided by the
/// claims of <see cref="ICursors"/>. All of this can be lost: it is made anew within a lease's time.
/// </remarks>
interface ICoordination
{
    /// <summary>So many times its own lease is the longest that a process believes of another's.</summary>
    const int LeasesMax = 10;

    /// <summary>Tells that <paramref name="worker"/> lives, renews all its leases, and answers who has what.</summary>
    ValueTask<LeaseTable> RenewAsync(Guid worker, string name, TimeSpan lease, CancellationToken cancellation);

    /// <summary>
    /// Takes at most <paramref name="most"/> of those shards, as far as nobody has them; answers all that it has now.
    /// </summary>
    ValueTask<IReadOnlyList<ShardId>> AcquireAsync(
        Guid worker, IReadOnlyList<ShardId> shards, int most, TimeSpan lease, CancellationToken cancellation);

    /// <summary>Gives these shards up and wakes those who may want them.</summary>
    ValueTask ReleaseAsync(Guid worker, IReadOnlyList<ShardId> shards, CancellationToken cancellation);

    /// <summary>Gives everything up, and is no longer counted among the living.</summary>
    ValueTask LeaveAsync(Guid worker, CancellationToken cancellation);

    /// <summary>Leaves word for whoever follows these shards; an older number never replaces a newer one.</summary>
    ValueTask SendWakeupsAsync(IReadOnlyList<Wakeup> wakeups, CancellationToken cancellation);

    /// <summary>What was left since a moment of the server's clock, and that clock's time now.</summary>
    ValueTask<WakeupsSince> ReadWakeupsAsync(long sinceMs, CancellationToken cancellation);
}

/// <summary>Who has what on one server.</summary>
/// <param name="Workers">How many processes live, the asking one included.</param>
/// <param name="Mine">The shards of the asking one.</param>
/// <param name="Others">The shards that some other living process has.</param>
sealed record LeaseTable(int Workers, IReadOnlyList<ShardId> Mine, IReadOnlyList<ShardId> Others);

/// <summary>What a wake-up is about. Stored as a number.</summary>
enum WakeupTopic
{
    /// <summary>The shard's journal has grown to a number.</summary>
    Commit = 0,

    /// <summary>A lease was given up.</summary>
    Lease = 1,

    /// <summary>Somebody changed the shard's parked entries by hand.</summary>
    Parked = 2,
}

/// <summary>A word left for another process. The shard is 0 where the topic has none.</summary>
readonly record struct Wakeup(WakeupTopic Topic, ShardId Shard, long Seq, long AtMs = 0);

/// <summary>Wake-ups, and the time by the server's clock.</summary>
sealed record WakeupsSince(long NowMs, IReadOnlyList<Wakeup> Wakeups);
