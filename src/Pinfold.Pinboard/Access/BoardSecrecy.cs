using System.Text;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Access;

/// <summary>Whether a board is secret, as something that other writes of its shard can rest on.</summary>
static class BoardSecrecy
{
    /// <summary>Notes what a board is now, in the transaction that makes it so.</summary>
    public static void Note(Transaction transaction, ObjectRef<Board> id, Board board)
    {
        transaction.Put(board.IsSecret ? BoardIsSecret : BoardIsPublic, id, board.Owner, 0);
        if (!board.IsSecret)
            transaction.Put(
                UserHasPublicBoards, board.Owner, id, board.CreatedAt.ToUnixTimeMilliseconds(),
                Encoding.UTF8.GetBytes(board.Slug));
    }

    /// <summary>As <see cref="Note"/>, of a board that was the other.</summary>
    public static void NoteTurned(Transaction transaction, ObjectId<Board> id, Board board)
    {
        Forget(transaction, id, board.Owner);
        Note(transaction, id, board);
        transaction.Say(PinEvents.BoardTurned, id);
    }

    /// <summary>Of a board that goes.</summary>
    public static void Forget(Transaction transaction, ObjectId<Board> id, ObjectId<User> owner)
    {
        transaction.Remove(BoardIsSecret, id, owner);
        transaction.Remove(BoardIsPublic, id, owner);
        transaction.Remove(UserHasPublicBoards, owner, id);
    }

    /// <summary>
    /// Has the commit fail with Conflict if the board is the other by then. One that an earlier version made passes for
    /// both until it is noted.
    /// </summary>
    public static void Require(Transaction transaction, ObjectId<Board> id, bool isSecret) =>
        transaction.RequireEmpty(isSecret ? BoardIsPublic : BoardIsSecret, id);
}
