using Pinfold.Pinboard.Access;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Follows;

/// <summary>
/// Who follows whom: written on the follower's shard. The reverse, by which followers are listed and counted, follows.
/// </summary>
sealed class FollowService(ShardedStore store, TimeProvider time)
{
    /// <summary>The most people one person can follow: few enough to be listed in one read.</summary>
    public const int PeopleMax = PageRequest.LimitMax;

    /// <summary>
    /// Follows a person, with all their boards; once more changes nothing. One round trip, and one for the person
    /// unless cached.
    /// </summary>
    /// <exception cref="PinfoldException">
    /// NotFound: there is nobody. Invalid: oneself. Forbidden: a block is between them. LimitExceeded.
    /// </exception>
    public async Task FollowAsync(Viewer viewer, ObjectId<User> person, CancellationToken cancellation)
    {
        var me = viewer.User;
        if (me == person)
            throw new PinfoldException(
                ErrorKind.Invalid, "This is you. Follow others: what you pin yourself is on your profile.");
        if (await store.FindAsync(person, cancellation) is null)
            throw NotThere.Person();
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        await store.WriteReadyAsync(me.Shard, transaction =>
        {
            transaction.RequireNoEntry(UserFollowsUser, me, person);
            transaction.RequireAtMost(UserFollowsUser, me, PeopleMax - 1);
            BlockFence.RequireNone(transaction, me, person);
            transaction.Put(UserFollowsUser, me, person, now);
        }, token => IsToFollowAsync(me, person, token), cancellation);
    }

    /// <summary>
    /// Ends it, and forgets which of their boards were left out; a board that is followed by itself stays so. Two round
    /// trips; where nothing is followed, one.
    /// </summary>
    public Task UnfollowAsync(Viewer viewer, ObjectId<User> person, CancellationToken cancellation)
    {
        var me = viewer.User;
        return store.WriteAsync(me.Shard, async (transaction, token) =>
        {
            var read = store.Read();
            var followed = read.Entries(UserFollowsUser, me, [person]);
            var leftOut = LeftOutBoards.Ask(read, me, person);
            await read.ExecuteAsync(token);
            if (followed.Value.Count == 0)
                return;
            transaction.RequireEntry(UserFollowsUser, me, person);
            transaction.Remove(UserFollowsUser, me, person);
            leftOut.Forget(transaction);
        }, cancellation);
    }

    async Task<bool> IsToFollowAsync(ObjectId<User> me, ObjectId<User> person, CancellationToken cancellation)
    {
        var read = store.Read();
        var followed = read.Entries(UserFollowsUser, me, [person]);
        var count = read.Count(UserFollowsUser, me);
        var blocks = BlockFence.Ask(read, me, person);
        await read.ExecuteAsync(cancellation);
        if (followed.Value.Count > 0)
            return false;
        BlockFence.Refuse(blocks, FollowWords.CannotBeFollowed);
        if (count.Value >= PeopleMax)
            throw new PinfoldException(
                ErrorKind.LimitExceeded, $"You follow {PeopleMax:N0} people, and more is not possible. Unfollow "
                + "somebody first.");
        return true;
    }
}
