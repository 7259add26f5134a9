using Pinfold.Sharding.Journal;

namespace Pinfold.Sharding.Following;

/// <summary>
/// Does what one transaction on one shard cannot: the other side's shard, a feed, an index, a counter. It is given
/// every transaction of every shard at least once, those of one shard in order, by one process of those that have it.
/// </summary>
/// <remarks>
/// Idempotent by duty: after a crash, a lost lease or a lost answer the same transaction comes again. One that keeps
/// failing is parked and comes again later, after younger ones of its shard; so handle what is there now, not what the
/// transaction found. Who gains by many transactions at once is an <see cref="IBatchFollower"/>; who waits within one,
/// so that others of its shard would wait too, an <see cref="IConcurrentFollower"/>; who keeps something in the memory
/// of each process an <see cref="IProcessFollower"/>.
/// </remarks>
public interface IFollower
{
    /// <summary>
    /// Under which its cursors and parked entries are kept, for ever: lower case letters, digits, - and _, at most 64.
    /// </summary>
    string Name { get; }

    /// <summary>What it is given; of all else its cursor passes by. It may not change while it runs.</summary>
    FollowerInterests Interests => FollowerInterests.Everything;

    /// <summary>
    /// How many shards (or batches) one process gives to it side by side, 1 to 64; a slow one never keeps the others
    /// waiting.
    /// </summary>
    int ShardsAtOnceMax => 4;

    /// <summary>
    /// Whether it begins, on a shard where it never was, after what is there already instead of with the first
    /// transaction.
    /// </summary>
    bool StartsAtEnd => false;

    /// <summary>
    /// What makes anew what it keeps, for a person: a command; null where there is none. It is told where the journal
    /// was trimmed beyond its place.
    /// </summary>
    string? MadeAnewBy => null;

    /// <summary>
    /// Handles one transaction. Whatever it throws, it is tried again: a few times at once, then later, parked with the
    /// message as the reason.
    /// </summary>
    /// <param name="transaction">Everything that it changed on its shard, also what is of no interest.</param>
    /// <param name="cancellation">Cancelled when another process has taken the shard over, or time is up.</param>
    ValueTask HandleAsync(JournalTransaction transaction, CancellationToken cancellation);
}
