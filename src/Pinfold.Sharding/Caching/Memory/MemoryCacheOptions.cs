namespace Pinfold.Sharding.Caching.Memory;

/// <summary>The limits of a <see cref="MemoryCache"/>.</summary>
public sealed record MemoryCacheOptions
{
    /// <summary>
    /// What all entries may weigh together: keys, values and about 150 bytes of bookkeeping each. At least 64 KiB.
    /// </summary>
    public long BytesMax { get; init; } = 64 << 20;

    /// <summary>
    /// A larger value is not cached; its lease is given back. A 16th of <see cref="BytesMax"/> limits it too.
    /// </summary>
    public int ValueBytesMax { get; init; } = 1 << 20;

    /// <summary>How long a filler may take; after that the next reader gets the lease.</summary>
    public TimeSpan LeaseTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>No value is served for longer than this, whatever its filler asked for.</summary>
    public TimeSpan TimeToLiveMax { get; init; } = TimeSpan.FromHours(1);

    internal MemoryCacheOptions Checked()
    {
        if (BytesMax < 64 << 10)
            throw PinfoldException.Invalid($"BytesMax {BytesMax} is too small for a memory cache: at least 65536.");
        if (ValueBytesMax < 1)
            throw PinfoldException.Invalid($"ValueBytesMax {ValueBytesMax} is wrong: at least 1 byte.");
        if (LeaseTime <= TimeSpan.Zero || LeaseTime > TimeSpan.FromHours(1))
            throw PinfoldException.Invalid($"LeaseTime {LeaseTime} is wrong: more than zero, an hour at most.");
        if (TimeToLiveMax < TimeSpan.FromSeconds(1) || TimeToLiveMax > TimeSpan.FromDays(30))
            throw PinfoldException.Invalid($"TimeToLiveMax {TimeToLiveMax} is wrong: 1 second to 30 days.");
        return this;
    }
}
