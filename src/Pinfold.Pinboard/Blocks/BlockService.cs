using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Follows;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Blocks;

/// <summary>
/// Who blocks whom: written on the shard of who blocks; the reverse, by which who is blocked is refused, follows. While
/// one blocks the other, neither follows the other.
/// </summary>
sealed class BlockService(ShardedStore store, FollowEnds ends, TimeProvider time)
{
    /// <summary>The most people one person can block.</summary>
    public const int PeopleMax = PageRequest.LimitMax;

    /// <summary>
    /// Blocks a person, and ends what one follows of them at once, what they follow of oneself a moment later; once
    /// more changes nothing. Three round trips.
    /// </summary>
    /// <exception cref="PinfoldException">NotFound: there is nobody. Invalid: oneself. LimitExceeded.</exception>
    public async Task BlockAsync(Viewer viewer, ObjectId<User> person, CancellationToken cancellation)
    {
        var me = viewer.User;
        if (me == person)
            throw new PinfoldException(ErrorKind.Invalid, "This is you. Nobody can block themselves.");
        if (await store.FindAsync(person, cancellation) is null)
            throw NotThere.Person();
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        await store.WriteReadyAsync(me.Shard, transaction =>
        {
            transaction.RequireNoEntry(UserBlocksUser, me, person);
            transaction.RequireAtMost(UserBlocksUser, me, PeopleMax - 1);
            transaction.Put(UserBlocksUser, me, person, now);
        }, token => IsToBlockAsync(me, person, token), cancellation);
        await ends.OfBlockAsync(UserBlocksUser, me, person, cancellation);
    }

    /// <summary>Ends it; no follow comes back. One round trip.</summary>
    public Task UnblockAsync(Viewer viewer, ObjectId<User> person, CancellationToken cancellation)
    {
        var me = viewer.User;
        return store.WriteReadyAsync(me.Shard, transaction =>
        {
            transaction.RequireEntry(UserBlocksUser, me, person);
            transaction.Remove(UserBlocksUser, me, person);
        }, async token =>
        {
            var read = store.Read();
            var blocked = read.Entries(UserBlocksUser, me, [person]);
            await read.ExecuteAsync(token);
            return blocked.Value.Count > 0;
        }, cancellation);
    }

    async Task<bool> IsToBlockAsync(ObjectId<User> me, ObjectId<User> person, CancellationToken cancellation)
    {
        var read = store.Read();
        var blocked = read.Entries(UserBlocksUser, me, [person]);
        var count = read.Count(UserBlocksUser, me);
        await read.ExecuteAsync(cancellation);
        if (blocked.Value.Count > 0)
            return false;
        return count.Value < PeopleMax ? true : throw new PinfoldException(
            ErrorKind.LimitExceeded, $"You have blocked {PeopleMax:N0} people, and more is not possible. Unblock "
            + "somebody first.");
    }
}
