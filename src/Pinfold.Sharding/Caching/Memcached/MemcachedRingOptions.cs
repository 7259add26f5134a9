namespace Pinfold.Sharding.Caching.Memcached;

/// <summary>The servers of a <see cref="MemcachedRing"/> and its limits, which hold per process.</summary>
public sealed record MemcachedRingOptions
{
    /// <summary>
    /// Host and port of each server (<c>10.0.0.7:11211</c>; 11211 if there is none). The same names in every process:
    /// they decide, whatever their order, which server owns which key.
    /// </summary>
    public required IReadOnlyList<string> Servers { get; init; }

    /// <summary>Connections to each server, shared by all callers.</summary>
    public int ConnectionsPerServer { get; init; } = 2;

    /// <summary>A server that does not accept a connection within this is dead.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>A server that leaves a command unanswered for this (or up to a quarter longer) is dead.</summary>
    public TimeSpan OperationTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Unanswered commands of a connection; what comes on top is not asked: a miss without a lease.</summary>
    public int InFlightCommandsMax { get; init; } = 16_384;

    /// <summary>Bytes that wait to be written to a connection; what comes on top is not asked.</summary>
    public int UnsentBytesMax { get; init; } = 16 << 20;

    /// <summary>
    /// A larger value is not cached; its lease is given back. The server's own limit (-I) counts its overhead too.
    /// </summary>
    public int ValueBytesMax { get; init; } = 1 << 20;

    /// <summary>How long a filler may take (whole seconds); after that the next reader gets the lease.</summary>
    public TimeSpan LeaseTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// No value lives longer, whatever its filler asked for. It bounds every staleness that remains possible.
    /// </summary>
    public TimeSpan TimeToLiveMax { get; init; } = TimeSpan.FromHours(1);

    /// <summary>No value lives longer than this on the server that stands in for a dead one.</summary>
    public TimeSpan StandInTimeToLiveMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A dead server is tried at once (unless it hung, or had been alive for less than this), then after 50 ms, and
    /// with doubling pauses up to this.
    /// </summary>
    public TimeSpan ReturnPauseMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Keys remembered per dead server; past that it is emptied (flush_all) before its return.</summary>
    public int MissedInvalidationsMax { get; init; } = 10_000;

    internal int LeaseSeconds => (int)LeaseTime.TotalSeconds;

    internal MemcachedRingOptions Checked()
    {
        if (Servers is null or { Count: 0 })
            throw PinfoldException.Invalid("A Memcached ring needs at least one server, as host:port.");
        if (Servers.Distinct(StringComparer.OrdinalIgnoreCase).Count() != Servers.Count)
            throw PinfoldException.Invalid("A Memcached server is named twice; each is named once.");
        CheckCount(ConnectionsPerServer, 1, 64, nameof(ConnectionsPerServer));
        CheckCount(InFlightCommandsMax, 1, 1 << 20, nameof(InFlightCommandsMax));
        CheckCount(UnsentBytesMax, 1 << 16, 1 << 30, nameof(UnsentBytesMax));
        CheckCount(ValueBytesMax, 1, 128 << 20, nameof(ValueBytesMax));
        CheckCount(MissedInvalidationsMax, 1, 1 << 20, nameof(MissedInvalidationsMax));
        CheckTime(ConnectTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1), nameof(ConnectTimeout));
        CheckTime(OperationTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1), nameof(OperationTimeout));
        CheckTime(ReturnPauseMax, TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(1), nameof(ReturnPauseMax));
        // Memcached counts seconds, and one second may mean none: it expires on the next tick.
        CheckTime(LeaseTime, TimeSpan.FromSeconds(2), TimeSpan.FromHours(1), nameof(LeaseTime));
        CheckTime(StandInTimeToLiveMax, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), nameof(StandInTimeToLiveMax));
        // Memcached takes more than 30 days for a date.
        CheckTime(TimeToLiveMax, TimeSpan.FromSeconds(1), TimeSpan.FromDays(30), nameof(TimeToLiveMax));
        return this;
    }

    static void CheckCount(int value, int min, int max, string name)
    {
        if (value < min || value > max)
            throw PinfoldException.Invalid($"{name} {value} is wrong: {min} to {max}.");
    }

    static void CheckTime(TimeSpan value, TimeSpan min, TimeSpan max, string name)
    {
        if (value < min || value > max)
            throw PinfoldException.Invalid($"{name} {value} is wrong: {min} to {max}.");
    }
}
