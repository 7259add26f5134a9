using Pinfold.Sharding.Journal;

namespace Pinfold.Sharding.Following;

/// <summary>
/// A follower whose transactions of one shard may be handled side by side: one that waits (for a site, for its turn at
/// something scarce) keeps none of the others waiting.
/// </summary>
/// <remarks>
/// Those in which an object occurs that interests it stay in order among themselves: the object of a change, the
/// <em>from</em> of a mapping's entry, what an event is about. All else comes in any order. The cursor follows what is
/// handled without a gap, so a crash repeats what was handled beyond it, too: less than
/// <see cref="CursorTransactionsMax"/>, and those in flight. A class that is an
/// <see cref="IBatchFollower"/> as well is refused.
/// </remarks>
public interface IConcurrentFollower : IFollower
{
    /// <summary>
    /// How many transactions of one shard are given to it side by side, 1 to 10,000. All shards together have at most
    /// <see cref="FollowerOptions.TransactionsInFlightMax"/>, and each at least one.
    /// </summary>
    int TransactionsOfAShardAtOnceMax => 1000;

    /// <summary>
    /// How far it may be ahead of its written cursor on one shard, 1 to 1,000,000: what a crash repeats, besides those
    /// in flight; null for <see cref="FollowerOptions.CursorTransactionsMax"/>. Nothing new is begun beyond. More is
    /// right for one to which repetition is cheap, and whose oldest in flight may take long while others come and go.
    /// </summary>
    int? CursorTransactionsMax => null;

    /// <summary>
    /// Handles one transaction. Whatever it throws, it is tried again: a few times at once, then later, parked with the
    /// message as the reason.
    /// </summary>
    /// <param name="transaction">Everything that it changed on its shard, also what is of no interest.</param>
    /// <param name="pause">With which it waits for its turn.</param>
    /// <param name="cancellation">Cancelled when another process has taken the shard over, or time is up.</param>
    ValueTask HandleAsync(JournalTransaction transaction, FollowerPause pause, CancellationToken cancellation);

    /// <inheritdoc/>
    ValueTask IFollower.HandleAsync(JournalTransaction transaction, CancellationToken cancellation) =>
        HandleAsync(transaction, FollowerPause.None, cancellation);
}
