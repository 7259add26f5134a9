using Pinfold.Sharding.Journal;

namespace Pinfold.Sharding.Following;

/// <summary>
/// A follower to which many transactions at once are cheaper than one after the other: they become one multi-get, one
/// request to an index, one round trip.
/// </summary>
public interface IBatchFollower : IFollower
{
    /// <summary>How many transactions one batch has at most, 1 to 10,000.</summary>
    int TransactionsAtOnceMax => 200;

    /// <summary>
    /// Handles transactions of any shards, those of each in order; no other batch has one of these shards meanwhile.
    /// When it throws, all of them come again, each in a batch of its own, and only those that fail so are parked.
    /// </summary>
    /// <param name="batch">At least one.</param>
    /// <param name="cancellation">
    /// Cancelled when another process has taken one of the shards over, or time is up.
    /// </param>
    ValueTask HandleAsync(IReadOnlyList<JournalTransaction> batch, CancellationToken cancellation);

    /// <inheritdoc/>
    ValueTask IFollower.HandleAsync(JournalTransaction transaction, CancellationToken cancellation) =>
        HandleAsync([transaction], cancellation);
}
