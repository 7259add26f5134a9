using System.Diagnostics.Metrics;

namespace Pinfold.Sharding.Caching.Memory;

/// <summary>The cache of a single process: least recently used entries leave when it is full.</summary>
/// <remarks>
/// Another process does not see its invalidations, so it is right only where one process writes. Every method completes
/// synchronously; a hit is not copied.
/// </remarks>
public sealed class MemoryCache : ICache
{
    const int StripeCount = 16;
    const string ServerTag = "memory";

    readonly MemoryCacheOptions _options;
    readonly MemoryCacheStripe[] _stripes = new MemoryCacheStripe[StripeCount];
    readonly CacheMetrics _metrics;
    readonly Meter? _ownMeter;

    /// <summary>Makes an empty cache.</summary>
    /// <param name="options">Its limits; null for the defaults.</param>
    /// <param name="time">The clock by which values and leases expire; null for the system's.</param>
    /// <param name="meter">Where its figures go; null makes a meter of its own, named Pinfold.Sharding.</param>
    /// <exception cref="PinfoldException">Invalid: an option is out of its range.</exception>
    public MemoryCache(MemoryCacheOptions? options = null, TimeProvider? time = null, Meter? meter = null)
    {
        _options = (options ?? new MemoryCacheOptions()).Checked();
        _ownMeter = meter is null ? new Meter(CacheMetrics.MeterName) : null;
        _metrics = new CacheMetrics(meter ?? _ownMeter!);
        for (var i = 0; i < StripeCount; i++)
            _stripes[i] = new MemoryCacheStripe(_options.BytesMax / StripeCount, time ?? TimeProvider.System);
    }

    /// <summary>Forgets every value, and drops the fills that are under way.</summary>
    public void Clear()
    {
        foreach (var stripe in _stripes)
            stripe.Clear();
    }

    internal long Bytes => _stripes.Sum(stripe => stripe.Bytes);

    /// <inheritdoc/>
    public ValueTask<CacheRead[]> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellation)
    {
        CacheKey.Check(keys);
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled<CacheRead[]>(cancellation);
        var reads = new CacheRead[keys.Count];
        int hits = 0, pending = 0;
        for (var i = 0; i < reads.Length; i++)
        {
            reads[i] = StripeOf(keys[i]).Read(keys[i], _options.LeaseTime);
            hits += reads[i].State == CacheState.Hit ? 1 : 0;
            pending += reads[i].State == CacheState.Pending ? 1 : 0;
        }
        _metrics.CountReads(ServerTag, hits, reads.Length - hits - pending, pending);
        return ValueTask.FromResult(reads);
    }

    /// <inheritdoc/>
    public ValueTask FillAsync(IReadOnlyList<CacheFill> fills, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(fills);
        for (var i = 0; i < fills.Count; i++)
            CacheKey.Check(fills[i].Key);
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellation);
        for (var i = 0; i < fills.Count; i++)
        {
            var fill = fills[i];
            var timeToLive = fill.TimeToLive < _options.TimeToLiveMax ? fill.TimeToLive : _options.TimeToLiveMax;
            if (timeToLive <= TimeSpan.Zero || fill.Value.Length > _options.ValueBytesMax)
                StripeOf(fill.Key).GiveBack(fill.Key, fill.Lease);
            else
                StripeOf(fill.Key).Fill(fill.Key, fill.Lease, fill.Value.Span, timeToLive);
        }
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask InvalidateAsync(IReadOnlyList<string> keys, CancellationToken cancellation)
    {
        CacheKey.Check(keys);
        for (var i = 0; i < keys.Count; i++)
            StripeOf(keys[i]).Remove(keys[i]);
        _metrics.CountInvalidations(ServerTag, keys.Count);
        return cancellation.IsCancellationRequested ? ValueTask.FromCanceled(cancellation) : ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _ownMeter?.Dispose();
        return ValueTask.CompletedTask;
    }

    MemoryCacheStripe StripeOf(string key) => _stripes[(uint)key.GetHashCode() % StripeCount];
}
