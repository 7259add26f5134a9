using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Following;

/// <summary>A shard that this process has leased and claimed, with a lane for each follower.</summary>
sealed class FollowedShard
{
    readonly CancellationTokenSource _lost;
    volatile bool _isDraining;
    int _isLost;

    public FollowedShard(
        FollowedServer server, ClaimedShard claimed, Guid claim, int batch, IReadOnlyList<FollowerWorkers> workers,
        CancellationToken held)
    {
        Server = server;
        Id = claimed.Shard;
        Claim = claim;
        Window = new JournalWindow(Id, batch);
        _lost = CancellationTokenSource.CreateLinkedTokenSource(held);
        Lost = _lost.Token;
        Lanes = [.. workers.Select(w => new FollowerLane(this, w, claimed.Cursors.GetValueOrDefault(w.Follower.Name),
            claimed.LastSeq, claimed.Parked.GetValueOrDefault(w.Follower.Name)))];
    }

    public ShardId Id { get; }

    public FollowedServer Server { get; }

    /// <summary>Without it, the shard's cursors cannot be moved.</summary>
    public Guid Claim { get; }

    public IReadOnlyList<FollowerLane> Lanes { get; }

    public JournalWindow Window { get; }

    /// <summary>Cancelled when the lease or the claim is lost.</summary>
    public CancellationToken Lost { get; }

    /// <summary>No new work is begun: it is being given up, or lost.</summary>
    public bool IsEnding => _isDraining || Lost.IsCancellationRequested || Server.IsStopping;

    /// <summary>Whether the next transaction may be begun.</summary>
    public bool MayHandle => !IsEnding && Server.IsHeld;

    public bool IsDraining => _isDraining;

    /// <summary>Nothing runs, and every cursor is written.</summary>
    public bool IsQuiet => Lanes.All(l => l.IsQuiet);

    public void Signal(long seq)
    {
        foreach (var lane in Lanes)
            lane.Signal(seq);
    }

    public void Look(long timestamp, long nowMs)
    {
        foreach (var lane in Lanes)
            lane.Look(timestamp, nowMs);
    }

    public void TrimWindow() => Window.Trim(Lanes.Min(l => l.Position));

    /// <summary>Ends after the transactions that are being handled.</summary>
    public void Drain() => _isDraining = true;

    /// <summary>Ends at once: somebody else has it, or may have it.</summary>
    public void Lose()
    {
        if (Interlocked.Exchange(ref _isLost, 1) != 0)
            return;
        _lost.Cancel();
        _lost.Dispose();
    }
}
