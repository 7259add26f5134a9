namespace Pinfold.Sharding.Following;

/// <summary>Another living process that has this follower.</summary>
/// <param name="Held">How many shards it has.</param>
/// <param name="Unable">Those on which it cannot go on.</param>
readonly record struct LeaseHolder(int Held, IReadOnlySet<ShardId> Unable);

/// <summary>What a process knows of one follower's leases on one server when it decides what to take and give up.
/// </summary>
/// <param name="Here">The server's shards.</param>
/// <param name="Mine">Those that this process has and is not giving up already.</param>
/// <param name="Others">Those that other living processes have.</param>
/// <param name="Unable">Those on which this process cannot go on.</param>
/// <param name="OtherHolders">Each other living process that has this follower, wherever it has any shards.</param>
sealed record LeaseView(
    IReadOnlySet<ShardId> Here, IReadOnlySet<ShardId> Mine, IReadOnlySet<ShardId> Others,
    IReadOnlySet<ShardId> Unable, IReadOnlyList<LeaseHolder> OtherHolders);

/// <summary>
/// Which shards of a follower a process should take and give up. The share is shards / processes with that follower,
/// rounded up: so the shares add up to all shards, and who has no more than its share keeps it. Shards that no other
/// process with room in its share can go on with are taken, and kept, beyond it: none is left to nobody.
/// </summary>
sealed record LeasePlan(IReadOnlyList<ShardId> Take, IReadOnlyList<ShardId> GiveUp)
{
    /// <param name="view">What is known.</param>
    /// <param name="isFollowed">Whether a shard is followed already; what is not is given up first.</param>
    public static LeasePlan Make(LeaseView view, Func<ShardId, bool> isFollowed)
    {
        var share = (view.Here.Count + view.OtherHolders.Count) / (view.OtherHolders.Count + 1);
        var withRoom = view.OtherHolders.Where(other => other.Held < share).ToList();
        var giveUp = view.Mine.Where(s => !view.Here.Contains(s) || view.Unable.Contains(s)).ToList();
        var kept = view.Mine.Except(giveUp).ToList();
        giveUp.AddRange(kept.Where(IsForOthers).OrderBy(isFollowed).ThenByDescending(s => s)
            .Take(Math.Max(0, kept.Count - share)));
        var free = view.Here
            .Where(s => !view.Mine.Contains(s) && !view.Others.Contains(s) && !view.Unable.Contains(s))
            .Order().ToList();
        var room = Math.Max(0, share - kept.Count);
        return new([.. free.Where(s => !IsForOthers(s) || room-- > 0)], giveUp);

        bool IsForOthers(ShardId shard) => withRoom.Exists(other => !other.Unable.Contains(shard));
    }
}
