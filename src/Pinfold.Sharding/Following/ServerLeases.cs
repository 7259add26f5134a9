using System.Collections.Concurrent;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Following;

/// <summary>
/// Which of one server's shards this process has, for each of its followers. A lease says who should follow a shard; it
/// lives as long as its process says every few seconds that it does, is taken when free, and given up when this process
/// has more than its share.
/// </summary>
/// <remarks>
/// A follower on a shard goes through these states: leased, claimed (it has a lane), draining (no new work), released.
/// Nothing is read or written of the leases while nobody comes, goes or gives up.
/// </remarks>
sealed class ServerLeases(FollowerHost host, FollowedServer server) : IDisposable
{
    readonly ConcurrentDictionary<ShardId, FollowedShard> _shards = new();
    readonly ConcurrentDictionary<FollowerLane, bool> _draining = new();
    readonly UnableShards _unable = new(host.Time);
    readonly SemaphoreSlim _keeping = new(1);
    CancellationTokenSource _held = Expired();
    CancellationToken _heldToken = new(canceled: true);
    LeaseTable? _settled;
    TopologyMap? _settledFor;
    long _renewedAt;
    volatile bool _isAlone;
    volatile bool _isEnded;
    volatile bool _isDue = true;

    public ICollection<FollowedShard> Shards => _shards.Values;

    public IEnumerable<WaitingFollower> Waiting => _unable.Waiting;

    public bool IsHeld =>
        !_held.IsCancellationRequested && host.Time.GetElapsedTime(Volatile.Read(ref _renewedAt)) < host.Options.Lease;

    /// <summary>Cancelled when the leases are over.</summary>
    public CancellationToken Held => _heldToken;

    /// <summary>No other process follows anything here, as far as was known when the leases were renewed.</summary>
    public bool IsAlone => _isAlone;

    public void KeepSoon() => _isDue = true;

    /// <summary>Renews, takes and gives up leases when it is time to.</summary>
    public async Task KeepAsync(CancellationToken cancellation)
    {
        if (_isEnded
            || (!_isDue && host.Time.GetElapsedTime(Volatile.Read(ref _renewedAt)) < host.Options.Renew
            && !_draining.Keys.Any(lane => lane.IsQuiet)))
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
    /// Ends what is done on shards that are, or may be, somebody else's; what is still leased is claimed anew.
    /// </summary>
    public void Lose(IEnumerable<FollowerLane> lanes, string why)
    {
        foreach (var group in lanes.Where(lane => !lane.IsLost).GroupBy(lane => lane.Follower).ToList())
        {
            foreach (var lane in group)
                Remove(lane);
            _settled = null;
            _isDue = true;
            FollowerLog.Lost(
                host.Log, group.Key, ShardRuns.Text(group.Select(lane => lane.Shard.Id)), server.Spec.Name, why);
        }
    }

    /// <summary>Leaves a shard to a process that can go on there, if there is one.</summary>
    public void LeaveToOthers(FollowerLane lane, WaitingFollower waits)
    {
        if (_unable.TryAdd(waits))
            Say(waits);
        Drain(lane);
        _isDue = true;
    }

    public void Dispose()
    {
        foreach (var lane in _shards.Values.SelectMany(s => s.Lanes))
            Remove(lane);
        _held.Dispose();
    }

    void Say(WaitingFollower waits)
    {
        if (waits.JournalBegin is { } begin)
            FollowerLog.IsCutOff(
                host.Log, waits.Follower, waits.Shard, begin, waits.Seq, waits.MadeAnewBy ?? "from the tables");
        else
            FollowerLog.WaitsForNewer(host.Log, waits.Follower, waits.Seq, waits.Shard, waits.EntryKind);
    }

    async Task RenewAsync(CancellationToken cancellation)
    {
        var (wasDue, map) = (_isDue, host.Map);
        _isDue = false;
        wasDue |= _unable.Expire() || !_draining.IsEmpty;
        var sentAt = host.Time.GetTimestamp();
        var table = await server.Server.Coordination.RenewAsync(server.Worker, host.WorkerName,
            ShardLists.Text(host.Workers.Select(w => (w.Name, _unable.Of(w.Name).AsEnumerable()))),
            host.Options.Lease, cancellation);
        var hadExpired = _held.IsCancellationRequested;
        if (hadExpired)
            AfterExpiry();
        Hold(sentAt);
        _isAlone = table.Workers.Count == 1;
        if (!wasDue && !hadExpired && ReferenceEquals(map, _settledFor) && IsSettled(table))
            return;
        _settled = null;
        if (await SettleAsync(table, host.ShardsOf(server.Spec), hadExpired, cancellation))
            (_settled, _settledFor) = (table, map);
    }

    /// <summary>Takes and gives up as planned; false if something is left to do with the next renewal.</summary>
    async Task<bool> SettleAsync(
        LeaseTable table, HashSet<ShardId> here, bool hadExpired, CancellationToken cancellation)
    {
        var book = new LeaseBook(table, server.Worker);
        var turns = host.Workers.Select(w => Turn(w, book, here)).ToList();
        var changes = turns.Where(t => t.IsChange || (hadExpired && t.After.Count > 0)).ToList();
        var written = changes.Count == 0 ? [] : await server.Server.Coordination.ChangeLeasesAsync(
            [.. changes.Select(t => book.Change(t.Workers.Name, t.After))], changes.Any(t => t.Released.Count > 0),
            cancellation);
        var isDone = written.Count == changes.Count;
        _isDue |= !isDone; // somebody else was first
        foreach (var turn in changes.Where(t => written.Contains(t.Workers.Name)))
            foreach (var shard in turn.Released)
                if (Find(turn.Workers, shard) is { } lane)
                    Remove(lane);
        var toClaim = turns.Where(t => !changes.Contains(t) || written.Contains(t.Workers.Name))
            .Select(t => (t.Workers, Shards: t.After.Where(s => Find(t.Workers, s) is null).Order().ToList()))
            .Where(c => c.Shards.Count > 0).ToList();
        return await ClaimAsync(toClaim, cancellation) && isDone && _draining.IsEmpty;
    }

    LeaseTurn Turn(FollowerWorkers workers, LeaseBook book, HashSet<ShardId> here)
    {
        var leased = book.Mine(workers.Name);
        Lose(_shards.Values.Where(s => !leased.Contains(s.Id)).Select(s => s.Find(workers.Name)).OfType<FollowerLane>(),
            "their leases are another process's");
        var kept = leased.Where(s => Find(workers, s) is not { IsDraining: true }).ToHashSet();
        var plan = LeasePlan.Make(new LeaseView(here, kept, book.Others(workers.Name), _unable.Of(workers.Name),
            book.OtherHolders(workers.Name)), s => Find(workers, s) is not null);
        foreach (var shard in plan.GiveUp)
            if (Find(workers, shard) is { } lane)
                Drain(lane);
        var released = leased.Where(s => Find(workers, s) is { } lane
            ? lane is { IsDraining: true, IsQuiet: true } : plan.GiveUp.Contains(s)).ToList();
        return new LeaseTurn(workers, released, [.. leased.Except(released), .. plan.Take],
            released.Count + plan.Take.Count > 0);
    }

    /// <summary>False if some shard could not be claimed, as one that is closed.</summary>
    async Task<bool> ClaimAsync(
        IReadOnlyList<(FollowerWorkers Workers, List<ShardId> Shards)> wanted, CancellationToken cancellation)
    {
        if (wanted.Count == 0)
            return true;
        var claim = Guid.NewGuid();
        var claimed = await server.Server.Cursors.ClaimAsync([.. wanted.Select(w => new CursorClaim(
            w.Workers.Name, w.Workers.Follower.StartsAtEnd, w.Shards))], claim, cancellation);
        var byName = wanted.ToDictionary(w => w.Workers.Name, w => w.Workers);
        foreach (var cursor in claimed)
        {
            var shard = _shards.GetOrAdd(
                cursor.Shard, id => new FollowedShard(server, id, host.Options.BatchTransactions));
            var lane = new FollowerLane(shard, byName[cursor.Follower], claim, cursor);
            shard.Add(lane);
            host.Follow(shard);
            lane.Signal(cursor.LastSeq);
        }
        foreach (var group in claimed.GroupBy(c => c.Follower))
            FollowerLog.Claimed(host.Log, host.WorkerName, group.Key, ShardRuns.Text(group.Select(c => c.Shard)),
                server.Spec.Name);
        if (claimed.Count > 0 && !_isAlone)
            server.SweepSoon();
        return claimed.Count == wanted.Sum(w => w.Shards.Count);
    }

    bool IsSettled(LeaseTable table) =>
        _settled is { } last && last.Workers.SequenceEqual(table.Workers) && last.Leases.SequenceEqual(table.Leases);

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
        Lose(_shards.Values.SelectMany(s => s.Lanes), "their leases have expired");
        _held.Dispose();
        _held = new CancellationTokenSource(Timeout.InfiniteTimeSpan, host.Time);
        _heldToken = _held.Token;
    }

    void Drain(FollowerLane lane)
    {
        lane.Drain();
        _draining[lane] = true;
    }

    void Remove(FollowerLane lane)
    {
        lane.Shard.Remove(lane);
        _draining.TryRemove(lane, out _);
        if (lane.Shard.Lanes.Count == 0 && _shards.TryRemove(new(lane.Shard.Id, lane.Shard)))
            host.Unfollow(lane.Shard);
        lane.Lose();
    }

    FollowerLane? Find(FollowerWorkers workers, ShardId shard) => _shards.GetValueOrDefault(shard)?.Find(workers.Name);

    static CancellationTokenSource Expired()
    {
        var expired = new CancellationTokenSource();
        expired.Cancel();
        return expired;
    }

    /// <summary>What becomes of one follower's leases in a renewal.</summary>
    sealed record LeaseTurn(
        FollowerWorkers Workers, IReadOnlyList<ShardId> Released, IReadOnlyList<ShardId> After, bool IsChange);
}
