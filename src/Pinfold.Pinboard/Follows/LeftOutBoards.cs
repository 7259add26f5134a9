using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Follows;

/// <summary>
/// Boards that a follow of their owner does not cover. They lie by their owner, so that those of one are one short
/// page.
/// </summary>
static class LeftOutBoards
{
    /// <summary>Those of one owner, in a batch.</summary>
    public static Answer<Page<Entry<Board>>> Ask(ReadBatch read, ObjectId<User> me, ObjectId<User> owner) =>
        read.Page(UserLeavesOutBoard, me, new PageRequest(Board.OfOnePersonMax)
        {
            SequenceMin = owner.Value,
            SequenceMax = owner.Value,
        });

    public static void Put(Transaction transaction, ObjectId<User> me, ObjectId<Board> board, ObjectId<User> owner) =>
        transaction.Put(UserLeavesOutBoard, me, board, owner.Value);

    public static void Forget(Transaction transaction, ObjectId<User> me, IEnumerable<Entry<Board>> boards)
    {
        foreach (var board in boards)
            transaction.Remove(UserLeavesOutBoard, me, board.To);
    }
}
