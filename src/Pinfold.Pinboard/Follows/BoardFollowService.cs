using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Boards;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Follows;

/// <summary>
/// Boards that are followed by themselves, and boards that a follow of their owner leaves out. A board that the viewer
/// may not see is not there.
/// </summary>
sealed class BoardFollowService(ShardedStore store, BoardService boards, TimeProvider time)
{
    /// <summary>The most boards one person can follow, and leave out.</summary>
    public const int BoardsMax = PageRequest.LimitMax;

    /// <summary>
    /// Follows a board, whether its owner is followed or not; it is left out no more. Once more changes nothing. One
    /// round trip, and one for the board unless cached.
    /// </summary>
    /// <exception cref="PinfoldException">As <see cref="FollowService.FollowAsync"/>.</exception>
    public async Task FollowAsync(Viewer viewer, ObjectId<Board> id, CancellationToken cancellation)
    {
        var (me, owner) = (viewer.User, (await GetOthersAsync(viewer, id, cancellation)).Body.Owner);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        await store.WriteReadyAsync(me.Shard, transaction =>
        {
            transaction.RequireNoEntry(UserFollowsBoard, me, id);
            transaction.RequireAtMost(UserFollowsBoard, me, BoardsMax - 1);
            BlockFence.RequireNone(transaction, me, owner);
            transaction.Put(UserFollowsBoard, me, id, now, BoardOwner.ToBytes(owner));
            transaction.Remove(UserLeavesOutBoard, me, id);
        }, async token =>
        {
            var read = store.Read();
            var followed = read.Entries(UserFollowsBoard, me, [id]);
            var count = read.Count(UserFollowsBoard, me);
            var blocks = BlockFence.Ask(read, me, owner);
            await read.ExecuteAsync(token);
            BlockFence.Refuse(blocks, FollowWords.CannotBeFollowed);
            return followed.Value.Count == 0 && (count.Value < BoardsMax ? true : throw TooMany("follow"));
        }, cancellation);
    }

    /// <summary>
    /// Ends the follow of a board by itself. One that is covered by a follow of its owner is so still. One round trip.
    /// </summary>
    public Task UnfollowAsync(Viewer viewer, ObjectId<Board> id, CancellationToken cancellation) =>
        store.WriteReadyAsync(viewer.User.Shard, transaction =>
        {
            transaction.RequireEntry(UserFollowsBoard, viewer.User, id);
            transaction.Remove(UserFollowsBoard, viewer.User, id);
        }, token => HasAsync(UserFollowsBoard, viewer.User, id, token), cancellation);

    /// <summary>
    /// Leaves a board out while its owner is followed; followed by itself it is no more. Once more changes nothing. One
    /// round trip, and one for the board unless cached.
    /// </summary>
    /// <exception cref="PinfoldException">NotFound: there is no such board. Invalid: its owner is not followed.
    /// </exception>
    public async Task LeaveOutAsync(Viewer viewer, ObjectId<Board> id, CancellationToken cancellation)
    {
        var (me, owner) = (viewer.User, (await GetOthersAsync(viewer, id, cancellation)).Body.Owner);
        await store.WriteReadyAsync(me.Shard, transaction =>
        {
            transaction.RequireEntry(UserFollowsUser, me, owner);
            transaction.RequireNoEntry(UserLeavesOutBoard, me, id);
            transaction.RequireAtMost(UserLeavesOutBoard, me, BoardsMax - 1);
            LeftOutBoards.Put(transaction, me, id, owner);
            transaction.Remove(UserFollowsBoard, me, id);
        }, async token =>
        {
            var read = store.Read();
            var followed = read.Entries(UserFollowsUser, me, [owner]);
            var leftOut = read.Entries(UserLeavesOutBoard, me, [id]);
            var count = read.Count(UserLeavesOutBoard, me);
            await read.ExecuteAsync(token);
            if (followed.Value.Count == 0)
                throw new PinfoldException(
                    ErrorKind.Invalid, "You do not follow the owner of this board, so there is nothing to leave out.");
            return leftOut.Value.Count == 0 && (count.Value < BoardsMax ? true : throw TooMany("leave out"));
        }, cancellation);
    }

    /// <summary>Leaves it out no more. One round trip.</summary>
    public Task TakeBackInAsync(Viewer viewer, ObjectId<Board> id, CancellationToken cancellation) =>
        store.WriteReadyAsync(viewer.User.Shard, transaction =>
        {
            transaction.RequireEntry(UserLeavesOutBoard, viewer.User, id);
            transaction.Remove(UserLeavesOutBoard, viewer.User, id);
        }, token => HasAsync(UserLeavesOutBoard, viewer.User, id, token), cancellation);

    async Task<Stored<Board>> GetOthersAsync(Viewer viewer, ObjectId<Board> id, CancellationToken cancellation)
    {
        var board = await boards.GetAsync(viewer, id, cancellation);
        return !viewer.Is(board.Body.Owner) ? board : throw new PinfoldException(
            ErrorKind.Invalid,
            "This board is yours. Follow those of others: what you pin yourself is on your profile.");
    }

    async Task<bool> HasAsync(
        Mapping<User, Board> list, ObjectId<User> me, ObjectId<Board> id, CancellationToken cancellation)
    {
        var read = store.Read();
        var there = read.Entries(list, me, [id]);
        await read.ExecuteAsync(cancellation);
        return there.Value.Count > 0;
    }

    static PinfoldException TooMany(string what) => new(
        ErrorKind.LimitExceeded, $"You {what} {BoardsMax:N0} boards, and more is not possible. End that of one first.");
}
