using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;

namespace Pinfold.Sharding.Tests.Following;

/// <summary>A follower that remembers what it was given, and does before that what the test wants.</summary>
sealed class Recorder(string name = "recorder", Func<JournalTransaction, CancellationToken, ValueTask>? before = null)
    : IFollower
{
    readonly Lock _gate = new();
    readonly List<(ShardId Shard, long Seq)> _handled = [];

    public string Name => name;

    public FollowerInterests Interests { get; init; } = FollowerInterests.Everything;

    public bool StartsAtEnd { get; init; }

    public string? MadeAnewBy { get; init; }

    public IReadOnlyList<(ShardId Shard, long Seq)> Handled
    {
        get
        {
            lock (_gate)
                return [.. _handled];
        }
    }

    public IEnumerable<long> Of(ShardId shard) => Handled.Where(h => h.Shard == shard).Select(h => h.Seq);

    public async ValueTask HandleAsync(JournalTransaction transaction, CancellationToken cancellation)
    {
        if (before is not null)
            await before(transaction, cancellation);
        lock (_gate)
            _handled.Add((transaction.Shard, transaction.Seq));
    }
}
