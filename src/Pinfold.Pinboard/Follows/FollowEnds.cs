using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Follows;

/// <summary>Ends follows that somebody else gave the reason for: on the shards of those who follow.</summary>
sealed class FollowEnds(ShardedStore store)
{
    /// <summary>A transaction has a thousand changes at most, and for each of these several.</summary>
    const int PerTransactionMax = 200;

    static readonly PageRequest Part = new(1000);

    /// <summary>
    /// What one person follows of another: them, boards of theirs, and what of these was left out. Only while
    /// <paramref name="reason"/>, a block, is still there; a transaction to each part.
    /// </summary>
    public async Task OfBlockAsync(
        Mapping<User, User> reason, ObjectId<User> of, ObjectId<User> other, CancellationToken cancellation)
    {
        var boards = await BoardsOfAsync(of, other, cancellation);
        foreach (var part in boards.Chunk(PerTransactionMax).DefaultIfEmpty([]))
            await store.WriteAsync(of.Shard, async (transaction, token) =>
            {
                var read = store.Read();
                var isThere = read.Entries(reason, of, [other]);
                var followed = read.Entries(UserFollowsUser, of, [other]);
                var leftOut = LeftOutBoards.Ask(read, of, other);
                await read.ExecuteAsync(token);
                if (isThere.Value.Count == 0
                    || followed.Value.Count + leftOut.Count + part.Length == 0)
                    return;
                transaction.RequireEntry(reason, of, other);
                transaction.Remove(UserFollowsUser, of, other);
                leftOut.Forget(transaction);
                foreach (var board in part)
                    transaction.Remove(UserFollowsBoard, of, board);
            }, cancellation);
    }

    /// <summary>Boards of one person that another follows by themselves. A round trip for each thousand.</summary>
    public async Task<IReadOnlyList<ObjectId<Board>>> BoardsOfAsync(
        ObjectId<User> of, ObjectId<User> owner, CancellationToken cancellation)
    {
        var boards = new List<ObjectId<Board>>();
        await foreach (var entry in store.EntriesAsync(UserFollowsBoard, of, Part, cancellation))
            if (BoardOwner.Of(entry) == owner)
                boards.Add(entry.To);
        return boards;
    }

    /// <summary>The follow of a person that is not there any more, by these.</summary>
    public Task OfPersonAsync(
        ObjectId<User> gone, IEnumerable<ObjectId<User>> followers, CancellationToken cancellation) =>
        ByShardAsync(followers, async (transaction, part, token) =>
        {
            var read = store.Read();
            var leftOut = part.Select(follower => LeftOutBoards.Ask(read, follower, gone)).ToList();
            await read.ExecuteAsync(token);
            foreach (var (follower, boards) in part.Zip(leftOut))
            {
                transaction.Remove(UserFollowsUser, follower, gone);
                boards.Forget(transaction);
            }
        }, cancellation);

    /// <summary>The follow of a board that nobody sees any more, by these.</summary>
    public Task OfBoardAsync(
        ObjectId<Board> gone, IEnumerable<ObjectId<User>> followers, CancellationToken cancellation) =>
        ByShardAsync(followers, (transaction, part, _) =>
        {
            foreach (var follower in part)
                transaction.Remove(UserFollowsBoard, follower, gone);
            return Task.CompletedTask;
        }, cancellation);

    /// <summary>The blocks of a person that is not there any more, by these.</summary>
    public Task OfBlocksAsync(
        ObjectId<User> gone, IEnumerable<ObjectId<User>> blockers, CancellationToken cancellation) =>
        ByShardAsync(blockers, (transaction, part, _) =>
        {
            foreach (var blocker in part)
                transaction.Remove(UserBlocksUser, blocker, gone);
            return Task.CompletedTask;
        }, cancellation);

    /// <summary>Everything that a person who is not there any more followed, left out and blocked.</summary>
    public async Task OfAllByAsync(ObjectId<User> gone, CancellationToken cancellation)
    {
        await EmptyAsync(UserFollowsUser, gone, cancellation);
        await EmptyAsync(UserFollowsBoard, gone, cancellation);
        await EmptyAsync(UserLeavesOutBoard, gone, cancellation);
        await EmptyAsync(UserBlocksUser, gone, cancellation);
    }

    async Task EmptyAsync<TTo>(Mapping<User, TTo> list, ObjectId<User> of, CancellationToken cancellation)
        where TTo : class
    {
        for (var isAll = false; !isAll;)
            isAll = await store.WriteAsync(of.Shard, async (transaction, token) =>
            {
                var page = await store.PageAsync(list, of, Part, token);
                foreach (var entry in page.Items)
                    transaction.Remove(list, of, entry.To);
                return page.Next is null;
            }, cancellation);
    }

    async Task ByShardAsync(
        IEnumerable<ObjectId<User>> people,
        Func<Transaction, ObjectId<User>[], CancellationToken, Task> change, CancellationToken cancellation)
    {
        foreach (var shard in people.GroupBy(person => person.Shard))
            foreach (var part in shard.Chunk(PerTransactionMax))
                await store.WriteAsync(
                    shard.Key, (transaction, token) => change(transaction, part, token), cancellation);
    }
}
