using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;

namespace Pinfold.Sharding.Tests.Following;

/// <summary>
/// A follower to which transactions are given side by side: it remembers what it has begun and what it has ended, and
/// does between these what the test wants.
/// </summary>
sealed class ConcurrentRecorder(
    int most, Func<JournalTransaction, FollowerPause, CancellationToken, Task>? handle = null)
    : IConcurrentFollower
{
    readonly Lock _gate = new();
    readonly List<(ShardId Shard, long Seq)> _begun = [];
    readonly List<(ShardId Shard, long Seq)> _ended = [];
    int _inFlight;

    public string Name => "recorder";

    public FollowerInterests Interests { get; init; } = FollowerInterests.Everything;

    public int ShardsAtOnceMax { get; init; } = 2;

    public int TransactionsOfAShardAtOnceMax => most;

    public int? CursorTransactionsMax { get; init; }

    /// <summary>How many were in flight, of all shards, when there were most.</summary>
    public int MostInFlight { get; private set; }

    public IReadOnlyList<(ShardId Shard, long Seq)> Begun
    {
        get
        {
            lock (_gate)
                return [.. _begun];
        }
    }

    public IReadOnlyList<(ShardId Shard, long Seq)> Ended
    {
        get
        {
            lock (_gate)
                return [.. _ended];
        }
    }

    /// <summary>What of a shard was begun, in that order; the same transaction as often as it was.</summary>
    public IReadOnlyList<long> BegunOf(ShardId shard) => [.. Begun.Where(h => h.Shard == shard).Select(h => h.Seq)];

    /// <summary>What of a shard was handled, in that order.</summary>
    public IReadOnlyList<long> Of(ShardId shard) => [.. Ended.Where(h => h.Shard == shard).Select(h => h.Seq)];

    public async ValueTask HandleAsync(
        JournalTransaction transaction, FollowerPause pause, CancellationToken cancellation)
    {
        lock (_gate)
        {
            _begun.Add((transaction.Shard, transaction.Seq));
            MostInFlight = Math.Max(MostInFlight, ++_inFlight);
        }
        try
        {
            if (handle is not null)
                await handle(transaction, pause, cancellation);
            lock (_gate)
                _ended.Add((transaction.Shard, transaction.Seq));
        }
        finally
        {
            lock (_gate)
                _inFlight--;
        }
    }
}
