namespace Pinfold.Sharding.Following;

/// <summary>
/// Periods and limits of the followers of one process. The defaults are for fleets and laptops alike.
/// </summary>
public sealed record FollowerOptions
{
    /// <summary>How long a shard stays with a process that is not heard of; all processes use the same.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How often leases are renewed: one round trip per server. At most a third of <see cref="Lease"/> is wise.
    /// </summary>
    public TimeSpan Renew { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a process asks each server for other processes' writes: one query.</summary>
    public TimeSpan WakeupPoll { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// How long a process gathers its writes to shards of other processes before it tells them:
    /// one statement per server.
    /// </summary>
    public TimeSpan WakeupSend { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How often each leased shard is compared with its cursors, for wake-ups that a crash has lost:
    /// one query per server.
    /// </summary>
    public TimeSpan Sweep { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often a process looks at every shard's journal for what followers of its own memory must know, whoever wrote
    /// it: one query per server.
    /// </summary>
    public TimeSpan ProcessLook { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// How often cursors are written, where they moved: one round trip per server. What a crash
    /// repeats at most in time.
    /// </summary>
    public TimeSpan CursorWrite { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How far a follower may be ahead of its written cursor on one shard: what a crash repeats at most in number. Of
    /// an <see cref="IConcurrentFollower"/> what was in flight comes on top.
    /// </summary>
    public int CursorTransactionsMax { get; init; } = 500;

    /// <summary>
    /// How many transactions of all shards an <see cref="IConcurrentFollower"/> has in flight in one process; a shard
    /// that has none may begin one all the same.
    /// </summary>
    public int TransactionsInFlightMax { get; init; } = 10_000;

    /// <summary>How many transactions of a shard are read at once.</summary>
    public int BatchTransactions { get; init; } = 200;

    /// <summary>
    /// How long one transaction may be handled before its token is cancelled and the attempt counts as failed.
    /// </summary>
    public TimeSpan HandlingMax { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often a transaction is tried at once before it is parked.</summary>
    public int AttemptsBeforeParking { get; init; } = 3;

    /// <summary>The wait before the first retry of a parked entry; it doubles with each.</summary>
    public TimeSpan ParkedRetryFirst { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest wait between two retries of a parked entry.</summary>
    public TimeSpan ParkedRetryMax { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How many entries a follower may park on one shard; beyond, it waits there instead of parking the whole journal.
    /// </summary>
    public int ParkedMax { get; init; } = 10_000;

    /// <summary>How often reserved names are looked through: one round trip per server with name shards.</summary>
    public TimeSpan Reap { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The age at which a reserved name is settled, whatever its writer still has in mind.</summary>
    public TimeSpan ReservationAge { get; init; } = TimeSpan.FromMinutes(15);

    /// <exception cref="PinfoldException">Invalid: a period or a limit that would follow nothing.</exception>
    internal FollowerOptions Checked()
    {
        foreach (var (name, value) in new[]
        {
            (nameof(Lease), Lease), (nameof(Renew), Renew), (nameof(WakeupPoll), WakeupPoll),
            (nameof(WakeupSend), WakeupSend), (nameof(Sweep), Sweep), (nameof(CursorWrite), CursorWrite),
            (nameof(ProcessLook), ProcessLook),
            (nameof(HandlingMax), HandlingMax), (nameof(ParkedRetryFirst), ParkedRetryFirst),
            (nameof(ParkedRetryMax), ParkedRetryMax), (nameof(Reap), Reap), (nameof(ReservationAge), ReservationAge),
        })
            if (value < TimeSpan.FromMilliseconds(1) || value > TimeSpan.FromDays(30))
                throw PinfoldException.Invalid($"{name} {value} is wrong: 1 ms to 30 days.");
        foreach (var (name, value, max) in new[]
        {
            (nameof(CursorTransactionsMax), CursorTransactionsMax, 1_000_000),
            (nameof(TransactionsInFlightMax), TransactionsInFlightMax, 1_000_000),
            (nameof(BatchTransactions), BatchTransactions, 10_000),
            (nameof(AttemptsBeforeParking), AttemptsBeforeParking, 1000), (nameof(ParkedMax), ParkedMax, 1_000_000),
        })
            if (value < 1 || value > max)
                throw PinfoldException.Invalid($"{name} {value} is wrong: 1 to {max}.");
        return Renew * 2 <= Lease ? this : throw PinfoldException.Invalid(
            $"A lease of {Lease} that is renewed every {Renew} would be lost now and then; "
            + "renew it at least twice in its time.");
    }
}
