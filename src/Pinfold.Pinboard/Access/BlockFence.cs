using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Access;

/// <summary>
/// Whether one of two people blocks the other, as something that writes of either's shard can rest on.
/// </summary>
static class BlockFence
{
    /// <summary>
    /// Has the commit fail with Conflict if there is a block between them, whoever made it. That of the other reaches
    /// this shard a moment later than their own; what was written in between is ended by whoever brings it.
    /// </summary>
    public static void RequireNone(Transaction transaction, ObjectId<User> me, ObjectId<User> other)
    {
        transaction.RequireNoEntry(UserBlocksUser, me, other);
        transaction.RequireNoEntry(UserBlockedByUser, me, other);
    }

    /// <summary>Asks in a batch, for <see cref="Refuse"/> afterwards.</summary>
    public static BlockQuestion Ask(ReadBatch read, ObjectId<User> me, ObjectId<User> other) => new(
        read.Entries(UserBlocksUser, me, [other]), read.Entries(UserBlockedByUser, me, [other]));

    /// <summary>
    /// Says what can be done about one's own block. Of the other's it says only what does not work, in the words of
    /// <paramref name="refusal"/>.
    /// </summary>
    /// <exception cref="PinfoldException">Forbidden: there is a block between them.</exception>
    public static void Refuse(BlockQuestion asked, string refusal)
    {
        if (asked.Blocks.Value.Count > 0)
            throw new PinfoldException(
                ErrorKind.Forbidden, "You have blocked this person. Unblock them on their profile first.");
        if (asked.IsBlocked.Value.Count > 0)
            throw new PinfoldException(ErrorKind.Forbidden, refusal);
    }
}

/// <summary>Where the answers will be: whether one blocks the other, and is blocked by them.</summary>
readonly record struct BlockQuestion(
    Answer<IReadOnlyList<Entry<User>>> Blocks, Answer<IReadOnlyList<Entry<User>>> IsBlocked);
