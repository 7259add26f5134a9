namespace Pinfold.Sharding.Caching;

/// <summary>
/// Reads through a cache: who misses gets the lease and goes to the source, everybody else waits for that value. A
/// value that is missing at the source is remembered as missing, so that it is not asked for again and again.
/// </summary>
sealed class LookAside(ICache cache, TimeProvider time)
{
    /// <summary>How long a reader waits for another's value before it goes to the source itself.</summary>
    static readonly TimeSpan PendingMax = TimeSpan.FromSeconds(3);
    static readonly TimeSpan MissingTimeToLive = TimeSpan.FromSeconds(30);
    const byte Present = 1;
    static readonly byte[] Missing = [0];

    /// <summary>
    /// The values of <paramref name="keys"/>, place by place; an empty one is missing at the source.
    /// <paramref name="load"/> gets the places to read and gives their values, null for missing; it is called at most
    /// twice.
    /// </summary>
    public async ValueTask<ReadOnlyMemory<byte>[]> ReadAsync(
        IReadOnlyList<string> keys, TimeSpan timeToLive,
        Func<IReadOnlyList<int>, CancellationToken, ValueTask<IReadOnlyList<byte[]?>>> load,
            CancellationToken cancellation)
    {
        var values = new ReadOnlyMemory<byte>[keys.Count];
        var toLoad = new List<(int Place, ulong Lease)>();
        var pending = new List<int>();
        Sort(await cache.ReadAsync(keys, cancellation), place: null, values, toLoad, pending);
        await LoadAsync(keys, values, toLoad, timeToLive, load, cancellation);
        if (pending.Count == 0)
            return values;

        toLoad.Clear();
        var start = time.GetTimestamp();
        for (var delayMs = 2; pending.Count > 0
            && time.GetElapsedTime(start) < PendingMax; delayMs = Math.Min(delayMs * 2, 50))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(delayMs), time, cancellation);
            var asked = pending;
            pending = [];
            Sort(await cache.ReadAsync([.. asked.Select(p => keys[p])], cancellation), asked, values, toLoad, pending);
            if (toLoad.Count > 0)
                break;
        }
        toLoad.AddRange(pending.Select(p => (p, 0UL)));
        await LoadAsync(keys, values, toLoad, timeToLive, load, cancellation);
        return values;
    }

    static void Sort(
        CacheRead[] reads, List<int>? place, ReadOnlyMemory<byte>[] values, List<(int Place, ulong Lease)> toLoad,
            List<int> pending)
    {
        for (var i = 0; i < reads.Length; i++)
        {
            var at = place is null ? i : place[i];
            switch (reads[i].State)
            {
                case CacheState.Hit when reads[i].Value.Length > 0:
                    values[at] = reads[i].Value.Span[0] == Present ? reads[i].Value[1..] : default;
                    break;
                case CacheState.Pending:
                    pending.Add(at);
                    break;
                default:
                    toLoad.Add((at, reads[i].Lease));
                    break;
            }
        }
    }

    async ValueTask LoadAsync(
        IReadOnlyList<string> keys, ReadOnlyMemory<byte>[] values, List<(int Place, ulong Lease)> toLoad,
            TimeSpan timeToLive,
        Func<IReadOnlyList<int>, CancellationToken, ValueTask<IReadOnlyList<byte[]?>>> load,
            CancellationToken cancellation)
    {
        if (toLoad.Count == 0)
            return;
        IReadOnlyList<byte[]?> loaded;
        try
        {
            loaded = await load(toLoad.ConvertAll(l => l.Place), cancellation);
        }
        catch (Exception)
        {
            // The leases go back, or everybody else would wait for values that do not come.
            await cache.InvalidateAsync(
                [.. toLoad.Where(l => l.Lease != 0).Select(l => keys[l.Place])], CancellationToken.None);
            throw;
        }
        var fills = new List<CacheFill>(toLoad.Count);
        for (var i = 0; i < toLoad.Count; i++)
        {
            var (place, lease) = toLoad[i];
            values[place] = loaded[i];
            if (lease != 0)
                fills.Add(loaded[i] is { } value
                    ? new CacheFill(keys[place], lease, Prefixed(value), timeToLive)
                    : new CacheFill(keys[place], lease, Missing, MissingTimeToLive));
        }
        if (fills.Count > 0)
            await cache.FillAsync(fills, cancellation);
    }

    static byte[] Prefixed(byte[] value)
    {
        var bytes = new byte[value.Length + 1];
        bytes[0] = Present;
        value.CopyTo(bytes, 1);
        return bytes;
    }
}
