using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Follows;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Likes;

/// <summary>
/// Who likes what: written on the shard of who likes. The reverse, by which likes are listed and counted on the pin's
/// side, follows. A pin that the viewer may not see is not there.
/// </summary>
sealed class LikeService(ShardedStore store, PinService pins, TimeProvider time)
{
    /// <summary>Also to who was blocked, whom it does not tell so.</summary>
    const string CannotBeLiked = "This pin cannot be liked.";

    /// <summary>
    /// Likes a pin of somebody else; once more changes nothing. One round trip, and those for the pin and its board
    /// unless cached.
    /// </summary>
    /// <exception cref="PinfoldException">
    /// NotFound: there is no such pin. Invalid: it is one's own. Forbidden: a block is between them.
    /// </exception>
    public async Task LikeAsync(Viewer viewer, ObjectId<Pin> id, CancellationToken cancellation)
    {
        var (pin, _) = await pins.GetAsync(viewer, id, cancellation);
        var (me, owner) = (viewer.User, pin.Body.Owner);
        if (me == owner)
            throw new PinfoldException(ErrorKind.Invalid, "This pin is yours. Like those of others.");
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        await store.WriteReadyAsync(me.Shard, transaction =>
        {
            transaction.Require(me);
            transaction.RequireNoEntry(UserLikesPin, me, id);
            BlockFence.RequireNone(transaction, me, owner);
            transaction.Put(UserLikesPin, me, id, now);
        }, async token =>
        {
            var read = store.Read();
            var liked = read.Entries(UserLikesPin, me, [id]);
            var blocks = BlockFence.Ask(read, me, owner);
            await read.ExecuteAsync(token);
            BlockFence.Refuse(blocks, CannotBeLiked);
            return liked.Value.Count == 0;
        }, cancellation);
    }

    /// <summary>Takes it back; round trips as <see cref="LikeAsync"/>.</summary>
    /// <exception cref="PinfoldException">NotFound: there is no such pin.</exception>
    public async Task UnlikeAsync(Viewer viewer, ObjectId<Pin> id, CancellationToken cancellation)
    {
        await pins.GetAsync(viewer, id, cancellation);
        var me = viewer.User;
        await store.WriteReadyAsync(me.Shard, transaction =>
        {
            transaction.RequireEntry(UserLikesPin, me, id);
            transaction.Remove(UserLikesPin, me, id);
        }, async token =>
        {
            var read = store.Read();
            var liked = read.Entries(UserLikesPin, me, [id]);
            await read.ExecuteAsync(token);
            return liked.Value.Count > 0;
        }, cancellation);
    }
}
