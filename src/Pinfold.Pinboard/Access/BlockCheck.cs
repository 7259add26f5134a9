using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Access;

/// <summary>
/// That there is no block between two people, as something that a write of the one's shard rests on. One for all
/// attempts of a write: only after a refusal is it looked whether that was why, in one round trip.
/// </summary>
/// <param name="store">Where.</param>
/// <param name="me">Who writes.</param>
/// <param name="other">Whose it is that they write about; may be the same.</param>
/// <param name="refusal">What is said of the other's block.</param>
sealed class BlockCheck(ShardedStore store, ObjectId<User> me, ObjectId<User> other, string refusal)
{
    bool _wasRequired;

    /// <exception cref="PinfoldException">Forbidden: there is a block between them.</exception>
    public async Task RequireNoneAsync(Transaction transaction, CancellationToken cancellation)
    {
        if (me == other)
            return;
        if (_wasRequired)
        {
            var read = store.Read();
            var blocks = BlockFence.Ask(read, me, other);
            await read.ExecuteAsync(cancellation);
            BlockFence.Refuse(blocks, refusal);
        }
        _wasRequired = true;
        BlockFence.RequireNone(transaction, me, other);
    }
}
