namespace Pinfold.Sharding.Caching.Memory;

/// <summary>One lock's worth of a memory cache: a dictionary, and a ring of its entries by their last use.</summary>
/// <remarks>
/// A leased key is an entry without a value. Evicting or removing it loses the lease, so its fill is dropped: the same
/// outcome as in Memcached.
/// </remarks>
internal sealed class MemoryCacheStripe
{
    readonly Lock _gate = new();
    readonly Dictionary<string, Entry> _entries = [];
    readonly Entry _ends = new("");
    readonly long _bytesMax;
    readonly TimeProvider _time;
    long _bytes;
    ulong _lastLease;

    public MemoryCacheStripe(long bytesMax, TimeProvider time)
    {
        _bytesMax = bytesMax;
        _time = time;
        _ends.Newer = _ends.Older = _ends;
    }

    public long Bytes
    {
        get
        {
            lock (_gate)
                return _bytes;
        }
    }

    public CacheRead Read(string key, TimeSpan leaseTime)
    {
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            if (_entries.TryGetValue(key, out var entry) && entry.ExpiresAt > now)
            {
                MoveToFront(entry);
                return entry.Value is null
                    ? new CacheRead(CacheState.Pending, default, 0)
                    : new CacheRead(CacheState.Hit, entry.Value, 0);
            }
            if (entry is not null)
                Remove(entry);
            entry = new Entry(key) { Lease = ++_lastLease, ExpiresAt = now + Ticks(leaseTime) };
            _entries.Add(key, entry);
            _bytes += entry.Bytes;
            InsertAtFront(entry);
            EvictOverflow();
            return new CacheRead(CacheState.MissWithLease, default, entry.Lease);
        }
    }

    public void Fill(string key, ulong lease, ReadOnlySpan<byte> value, TimeSpan timeToLive)
    {
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            if (FindLeased(key, lease) is not { } entry)
                return;
            if (entry.ExpiresAt <= now || entry.Bytes + value.Length > _bytesMax)
            {
                Remove(entry);
                return;
            }
            _bytes -= entry.Bytes;
            entry.Value = value.ToArray();
            _bytes += entry.Bytes;
            entry.ExpiresAt = now + Ticks(TimeSpan.FromSeconds(Math.Ceiling(timeToLive.TotalSeconds)));
            MoveToFront(entry);
            EvictOverflow();
        }
    }

    public void GiveBack(string key, ulong lease)
    {
        lock (_gate)
        {
            if (FindLeased(key, lease) is { } entry)
                Remove(entry);
        }
    }

    public void Remove(string key)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(key, out var entry))
                Remove(entry);
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _entries.Clear();
            _ends.Newer = _ends.Older = _ends;
            _bytes = 0;
        }
    }

    Entry? FindLeased(string key, ulong lease) =>
        _entries.TryGetValue(key, out var entry) && entry.Value is null && entry.Lease == lease ? entry : null;

    long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);

    void EvictOverflow()
    {
        while (_bytes > _bytesMax)
            Remove(_ends.Newer);
    }

    void Remove(Entry entry)
    {
        _entries.Remove(entry.Key);
        _bytes -= entry.Bytes;
        Unlink(entry);
    }

    void MoveToFront(Entry entry)
    {
        Unlink(entry);
        InsertAtFront(entry);
    }

    void InsertAtFront(Entry entry)
    {
        entry.Newer = _ends;
        entry.Older = _ends.Older;
        entry.Older.Newer = entry;
        _ends.Older = entry;
    }

    static void Unlink(Entry entry)
    {
        entry.Newer.Older = entry.Older;
        entry.Older.Newer = entry.Newer;
    }

    /// <summary>The ring has a sentinel: older than it is the newest entry, newer the oldest.</summary>
    sealed class Entry(string key)
    {
        const int OverheadBytes = 150;

        public readonly string Key = key;
        public byte[]? Value;
        public ulong Lease;
        public long ExpiresAt;
        public Entry Newer = null!;
        public Entry Older = null!;

        public long Bytes => OverheadBytes + 2L * Key.Length + (Value?.Length ?? 0);
    }
}
