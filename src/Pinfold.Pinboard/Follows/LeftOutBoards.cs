using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Follows;

/// <summary>
/// Boards of one owner that somebody's follow of them does not cover. They lie by their owner, so that they are one
/// short page.
/// </summary>
sealed class LeftOutBoards
{
    readonly ObjectId<User> _me;
    readonly Answer<Page<Entry<Board>>> _boards;
    readonly Answer<long> _countOfAll;

    LeftOutBoards(ReadBatch read, ObjectId<User> me, ObjectId<User> owner)
    {
        _me = me;
        _boards = read.Page(UserLeavesOutBoard, me, new PageRequest(Board.OfOnePersonMax)
        {
            SequenceMin = owner.Value,
            SequenceMax = owner.Value,
        });
        _countOfAll = read.Count(UserLeavesOutBoard, me);
    }

    /// <summary>How many there are, once the batch is executed.</summary>
    public int Count => _boards.Value.Items.Count;

    /// <summary>Asks for them in a batch.</summary>
    public static LeftOutBoards Ask(ReadBatch read, ObjectId<User> me, ObjectId<User> owner) => new(read, me, owner);

    public static void Put(Transaction transaction, ObjectId<User> me, ObjectId<Board> board, ObjectId<User> owner) =>
        transaction.Put(UserLeavesOutBoard, me, board, owner.Value);

    /// <summary>Takes them away with the follow that they belong to; Conflict if one more was left out since.</summary>
    public void Forget(Transaction transaction)
    {
        transaction.RequireAtMost(UserLeavesOutBoard, _me, _countOfAll.Value);
        foreach (var board in _boards.Value.Items)
            transaction.Remove(UserLeavesOutBoard, _me, board.To);
    }
}
