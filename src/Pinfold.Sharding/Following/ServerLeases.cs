using System.Collections.Concurrent;

namespace Pinfold.Sharding.Following;

/// <summary>
/// Which of one server's shards this process has. A lease says who should follow a shard; it is taken when free,
/// renewed together with all others, and given up when this process has more than its share.
/// </summary>
/// <remarks>
/// The share is shards / living processes, rounded up: so the shares add up to all shards, and who has no more than its
/// share keeps it. A shard goes through these states: leased, claimed (followed), draining (no new work), released.
/// </remarks>
sealed class ServerLeases(FollowerHost host, FollowedServer server) : IDisposable
{
    readonly ConcurrentDictionary<ShardId, FollowedShard> _shards = new();
    readonly SemaphoreSlim _keeping = new(1);
    CancellationTokenSource _held = Expired();
    long _renewedAt;
    volatile bool _isEnded;
    volatile bool _isDue = true;

    public ICollection<FollowedShard> Shards => _shards.Values;

    public bool IsHeld =>
        !_held.IsCancellationRequested && host.Time.GetElapsedTime(Volatile.Read(ref _renewedAt)) < host.Options.Lease;

    public void KeepSoon() => _isDue = true;

    /// <summary>Renews, takes and gives up leases when it is time to.</summary>
    public async Task KeepAsync(CancellationToken cancellation)
    {
        if (_isEnded
            || (!_isDue && host.Time.GetElapsedTime(Volatile.Read(ref _renewedAt)) < host.Options.Renew
            && !HasDrained()))
            return;
        await _keeping.WaitAsync(cancellation);
        try
        {
            if (!_isEnded)
                await RenewAsync(cancellation);
        }
        finally
        {
            _keeping.Release();
        }
    }

    /// <summary>Nothing is renewed or claimed any more.</summary>
    public async Task EndAsync()
    {
        _isEnded = true;
        await _keeping.WaitAsync();
        _keeping.Release();
    }

    /// <summary>
    /// Ends what is done on a shard that was, or may be, somebody else's; it is claimed anew if it is still leased.
    /// </summary>
    public void Lose(FollowedShard shard, string why)
    {
        if (!_shards.TryRemove(new(shard.Id, shard)))
            return;
        host.Unfollow(shard);
        shard.Lose();
        FollowerLog.Lost(host.Log, shard.Id, server.Spec.Name, why);
        _isDue = true;
    }

    public void Dispose()
    {
        foreach (var shard in _shards.Values)
        {
            host.Unfollow(shard);
            shard.Lose();
        }
        _shards.Clear();
        _held.Dispose();
    }

    async Task RenewAsync(CancellationToken cancellation)
    {
        _isDue = false;
        var here = host.ShardsOf(server.Spec);
        var sentAt = host.Time.GetTimestamp();
        var table = await server.Server.Coordination.RenewAsync(server.Worker, host.WorkerName, host.Options.Lease, cancellation);
        if (_held.IsCancellationRequested)
            AfterExpiry();
        Hold(sentAt);

        var mine = table.Mine.ToHashSet();
        foreach (var shard in _shards.Values)
            if (!mine.Contains(shard.Id))
                Lose(shard, "its lease is another process's");
        var share = (here.Count + table.Workers - 1) / Math.Max(1, table.Workers);
        await GiveUpAsync(mine, here, share, cancellation);
        var kept = mine.Where(s => here.Contains(s) && !IsDraining(s)).ToList();
        var free = here.Except(mine).Except(table.Others).ToList();
        if (kept.Count < share && free.Count > 0)
        {
            var all = await server.Server.Coordination.AcquireAsync(server.Worker, free, share - kept.Count, host.Options.Lease,
                cancellation);
            kept = [.. all.Where(s => here.Contains(s) && !IsDraining(s))];
        }
        await ClaimAsync([.. kept.Where(s => !_shards.ContainsKey(s))], cancellation);
    }

    /// <summary>Drains what is beyond the share or has gone to another server, and releases what is drained.</summary>
    async Task GiveUpAsync(HashSet<ShardId> mine, HashSet<ShardId> here, int share, CancellationToken cancellation)
    {
        foreach (var shard in _shards.Values)
            if (!here.Contains(shard.Id))
                shard.Drain();
        var kept = mine.Where(s => here.Contains(s) && !IsDraining(s)).OrderBy(_shards.ContainsKey)
            .ThenByDescending(s => s).ToList();
        var surplus = kept.Take(Math.Max(0, kept.Count - share)).ToHashSet();
        foreach (var shard in surplus)
            if (_shards.TryGetValue(shard, out var followed))
                followed.Drain();
        var toRelease = mine.Where(s => _shards.TryGetValue(s, out var followed)
            ? followed is { IsDraining: true, IsQuiet: true }
            : !here.Contains(s) || surplus.Contains(s)).ToList();
        if (toRelease.Count == 0)
            return;
        foreach (var shard in toRelease)
            if (_shards.TryRemove(shard, out var followed))
            {
                host.Unfollow(followed);
                followed.Lose();
            }
        await server.Server.Coordination.ReleaseAsync(server.Worker, toRelease, cancellation);
        mine.ExceptWith(toRelease);
    }

    async Task ClaimAsync(IReadOnlyList<ShardId> shards, CancellationToken cancellation)
    {
        if (shards.Count == 0)
            return;
        var claim = Guid.NewGuid();
        var claimed = await server.Cursors.ClaimAsync(shards, claim, host.Starts, cancellation);
        var open = claimed.Where(c => c.State == ShardState.Open).ToList();
        foreach (var shard in open)
        {
            var followed =
                new FollowedShard(server, shard, claim, host.Options.BatchTransactions, host.Workers, _held.Token);
            _shards[shard.Shard] = followed;
            host.Follow(followed);
            followed.Signal(shard.LastSeq);
        }
        if (open.Count > 0)
            FollowerLog.Claimed(host.Log, host.WorkerName, string.Join(' ', open.Select(c => c.Shard)),
                server.Spec.Name);
    }

    /// <summary>
    /// The token of all shards is cancelled when a renewal does not come in time, even if nothing else runs.
    /// </summary>
    void Hold(long sentAt)
    {
        Volatile.Write(ref _renewedAt, sentAt);
        var left = host.Options.Lease - host.Time.GetElapsedTime(sentAt);
        _held.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }

    void AfterExpiry()
    {
        foreach (var shard in _shards.Values)
            Lose(shard, "its lease has expired");
        _held.Dispose();
        _held = new CancellationTokenSource(Timeout.InfiniteTimeSpan, host.Time);
    }

    bool IsDraining(ShardId shard) => _shards.TryGetValue(shard, out var followed) && followed.IsDraining;

    bool HasDrained() => _shards.Values.Any(s => s is { IsDraining: true, IsQuiet: true });

    static CancellationTokenSource Expired()
    {
        var expired = new CancellationTokenSource();
        expired.Cancel();
        return expired;
    }
}
