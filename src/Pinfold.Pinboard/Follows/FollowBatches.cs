using Pinfold.Pinboard.Access;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Follows;

/// <summary>Many follows of one person, in few transactions, under the rules of a single one.</summary>
sealed class FollowBatches(ShardedStore store, TimeProvider time)
{
    /// <summary>A transaction has a thousand conditions at most, and each of these has three where there are blocks.
    /// </summary>
    const int PerTransactionMax = 300;

    /// <summary>
    /// Follows people who are there; says how many were new and how many there already, and of each that is refused
    /// why. Two round trips for each 300.
    /// </summary>
    public async Task<(long Added, long Present)> FollowAsync(
        ObjectId<User> me, IEnumerable<ObjectId<User>> people, Action<ObjectId<User>, string> refuse,
        CancellationToken cancellation)
    {
        var (added, present) = (0L, 0L);
        foreach (var part in people.Chunk(PerTransactionMax))
        {
            var done = await store.WriteAsync(
                me.Shard, (transaction, token) => AddAsync(transaction, me, part, token), cancellation);
            added += done.Added;
            present += part.Length - done.Added - done.Refused.Count;
            foreach (var (person, why) in done.Refused)
                refuse(person, why);
        }
        return (added, present);
    }

    async Task<(int Added, List<(ObjectId<User> Person, string Why)> Refused)> AddAsync(
        Transaction transaction, ObjectId<User> me, ObjectId<User>[] people, CancellationToken cancellation)
    {
        var read = store.Read();
        var followed = read.Entries(UserFollowsUser, me, people);
        var blocked = read.Entries(UserBlocksUser, me, people);
        var blockedBy = read.Entries(UserBlockedByUser, me, people);
        var (blocks, blocksBy) = (read.Count(UserBlocksUser, me), read.Count(UserBlockedByUser, me));
        var count = read.Count(UserFollowsUser, me);
        await read.ExecuteAsync(cancellation);

        var refused = new List<(ObjectId<User>, string)>();
        var wanted = people.Except(followed.Value.Select(e => e.To)).ToList();
        Refuse(blocked.Value.Concat(blockedBy.Value).Select(e => e.To), "There is a block between these two.");
        Refuse(wanted.Skip((int)Math.Max(0, FollowService.PeopleMax - count.Value)),
            $"Nobody can follow more than {FollowService.PeopleMax:N0} people.");
        if (wanted.Count == 0)
            return (0, refused);

        transaction.RequireAtMost(UserFollowsUser, me, FollowService.PeopleMax - wanted.Count);
        if (blocks.Value + blocksBy.Value == 0)
        {
            transaction.RequireEmpty(UserBlocksUser, me);
            transaction.RequireEmpty(UserBlockedByUser, me);
        }
        // A graph comes from elsewhere: whoever is in it knows who follows them.
        transaction.Say(PinEvents.NoNews);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var person in wanted)
        {
            if (blocks.Value + blocksBy.Value > 0)
                BlockFence.RequireNone(transaction, me, person);
            transaction.Put(UserFollowsUser, me, person, now);
        }
        return (wanted.Count, refused);

        void Refuse(IEnumerable<ObjectId<User>> those, string why)
        {
            var set = those.ToHashSet();
            refused.AddRange(wanted.Where(set.Contains).Select(person => (person, why)));
            wanted.RemoveAll(set.Contains);
        }
    }
}
