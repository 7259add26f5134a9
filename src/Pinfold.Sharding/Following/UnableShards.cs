using System.Collections.Concurrent;

namespace Pinfold.Sharding.Following;

/// <summary>
/// The shards of one server on which a follower of this process cannot go on, since a newer program has written there;
/// for some minutes it takes them not again.
/// </summary>
sealed class UnableShards(TimeProvider time)
{
    /// <summary>After this it looks again: the newer program may have followed the entry and be gone.</summary>
    public static readonly TimeSpan LookAgainAfter = TimeSpan.FromMinutes(5);

    readonly ConcurrentDictionary<(string Follower, ShardId Shard), (WaitingFollower Waits, long At)> _shards = new();

    public IEnumerable<WaitingFollower> Waiting => _shards.Values.Select(s => s.Waits);

    public bool TryAdd(WaitingFollower waits) =>
        _shards.TryAdd((waits.Follower, waits.Shard), (waits, time.GetTimestamp()));

    public HashSet<ShardId> Of(string follower) =>
        [.. _shards.Keys.Where(key => key.Follower == follower).Select(key => key.Shard)];

    /// <summary>Lets go of those that are to be looked at again; whether there were any.</summary>
    public bool Expire()
    {
        var had = false;
        foreach (var (key, (_, at)) in _shards)
            if (time.GetElapsedTime(at) >= LookAgainAfter)
                had |= _shards.TryRemove(key, out _);
        return had;
    }
}
