namespace Pinfold.Sharding.Engines;

/// <summary>
/// How the processes that follow one server's shards divide them and wake one another, in a place of the server's own.
/// Every method is one round trip; none costs more for more shards.
/// </summary>
/// <remarks>
/// Leases run by the server's clock alone: one lives for as long as its process's row does. They only say who
/// <em>should</em> follow; who <em>can</em> is decided by the claims of <see cref="ICursors"/>. All of this can be
/// lost: it is made anew within a lease's time.
/// </remarks>
interface ICoordination
{
    /// <summary>So many times its own lease is the longest that a process believes of another's.</summary>
    const int LeasesMax = 10;

    /// <summary>
    /// Tells that <paramref name="worker"/> lives, and which followers it has; answers who else does, and who has what.
    /// </summary>
    ValueTask<LeaseTable> RenewAsync(
        Guid worker, string name, string followers, TimeSpan lease, CancellationToken cancellation);

    /// <summary>
    /// Writes who has which shards of a follower, each only if nobody wrote it since it was read; answers the followers
    /// whose leases were written. With <paramref name="wake"/>, whoever may want what was given up is told.
    /// </summary>
    ValueTask<IReadOnlyList<string>> ChangeLeasesAsync(
        IReadOnlyList<LeaseChange> changes, bool wake, CancellationToken cancellation);

    /// <summary>Gives everything up, and is no longer counted among the living.</summary>
    ValueTask LeaveAsync(Guid worker, CancellationToken cancellation);

    /// <summary>
    /// The processes that may live, for who is none of them and does not know how long their leases are.
    /// </summary>
    ValueTask<IReadOnlyList<LivingWorker>> ReadLivingAsync(CancellationToken cancellation);

    /// <summary>Leaves word for whoever follows these shards; an older number never replaces a newer one.</summary>
    ValueTask SendWakeupsAsync(IReadOnlyList<Wakeup> wakeups, CancellationToken cancellation);

    /// <summary>What was left since a moment of the server's clock, and that clock's time now.</summary>
    ValueTask<WakeupsSince> ReadWakeupsAsync(long sinceMs, CancellationToken cancellation);
}

/// <summary>Who lives and who has what on one server, in the order of their ids and names.</summary>
sealed record LeaseTable(IReadOnlyList<LivingWorker> Workers, IReadOnlyList<LeaseRow> Leases);

/// <summary>A process that was heard of within its lease, and what it says of its followers.</summary>
readonly record struct LivingWorker(Guid Id, string Followers);

/// <summary>Who has which shards of a follower, as of a version that grows with each change.</summary>
readonly record struct LeaseRow(string Follower, long Version, string Held);

/// <summary>A follower's leases as they shall be, if they are of that version still (0: there are none yet).</summary>
readonly record struct LeaseChange(string Follower, long FromVersion, string Held);

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
