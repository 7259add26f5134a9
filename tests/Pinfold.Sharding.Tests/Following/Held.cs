using System.Collections.Concurrent;

namespace Pinfold.Sharding.Tests.Following;

/// <summary>Transactions that wait until the test lets them go, each by itself.</summary>
sealed class Held
{
    readonly ConcurrentDictionary<(ShardId Shard, long Seq), TaskCompletionSource> _gates = new();

    public Task WaitAsync(ShardId shard, long seq, CancellationToken cancellation) =>
        Gate(shard, seq).Task.WaitAsync(cancellation);

    public void LetGo(ShardId shard, params IEnumerable<long> seqs)
    {
        foreach (var seq in seqs)
            Gate(shard, seq).TrySetResult();
    }

    TaskCompletionSource Gate(ShardId shard, long seq) => _gates.GetOrAdd((shard, seq),
        static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
