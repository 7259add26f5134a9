namespace Pinfold.Sharding.Following;

/// <summary>A shard of which this process follows the journal, with a lane for each follower that it has leased there.
/// </summary>
sealed class FollowedShard(FollowedServer server, ShardId id, int batch)
{
    readonly Lock _gate = new();
    volatile FollowerLane[] _lanes = [];

    public ShardId Id => id;

    public FollowedServer Server => server;

    /// <summary>As they are now; they come and go with the leases.</summary>
    public IReadOnlyList<FollowerLane> Lanes => _lanes;

    public JournalWindow Window { get; } = new(id, batch);

    public void Add(FollowerLane lane)
    {
        lock (_gate)
            _lanes = [.. _lanes, lane];
    }

    public void Remove(FollowerLane lane)
    {
        lock (_gate)
            _lanes = [.. _lanes.Where(l => l != lane)];
    }

    public FollowerLane? Find(string follower) => Array.Find(_lanes, lane => lane.Follower == follower);

    /// <summary>The journal has grown at least to <paramref name="seq"/>.</summary>
    public void Signal(long seq)
    {
        foreach (var lane in _lanes)
            lane.Signal(seq);
    }

    public void Look(long timestamp, long nowMs)
    {
        foreach (var lane in _lanes)
            lane.Look(timestamp, nowMs);
    }

    /// <summary>Has what waits for its turn, on any lane, give up.</summary>
    public void CutOff()
    {
        foreach (var lane in _lanes)
            lane.CutOff();
    }

    public void TrimWindow()
    {
        var allBehind = long.MaxValue;
        foreach (var lane in _lanes)
            allBehind = Math.Min(allBehind, lane.Taken);
        Window.Trim(allBehind);
    }
}
