using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Store;

namespace Pinfold.Sharding.Tests.Reads;

/// <summary>A server that answers a round trip when the test says so: a count is 100 and the shard.</summary>
sealed class HeldServer : IShardServer
{
    readonly Lock _gate = new();
    readonly List<Trip> _trips = [];

    public string Name => "held";

    public bool CommitsAcrossShards => true;

    public bool ReadsAreTrips => true;

    public ICoordination Coordination => throw new NotSupportedException();

    public ICursors Cursors => throw new NotSupportedException();

    public IJournalTrim Trim => throw new NotSupportedException();

    public ICatalogDatabase Catalog => throw new NotSupportedException();

    public IServerAdmin Admin => throw new NotSupportedException();

    public IShardCopies Copies => throw new NotSupportedException();

    public IFirstStartMark FirstStart => throw new NotSupportedException();

    public int TripCount
    {
        get
        {
            lock (_gate)
                return _trips.Count;
        }
    }

    /// <summary>Waits until the server was asked for the n-th time, from 0.</summary>
    public async Task<Trip> TripAsync(int n)
    {
        await Store.Eventually.HoldsAsync(() => TripCount > n);
        lock (_gate)
            return _trips[n];
    }

    public ValueTask ReadAsync(IReadOnlyList<ShardRead> reads, CancellationToken cancellation)
    {
        var trip = new Trip(reads);
        lock (_gate)
            _trips.Add(trip);
        return new ValueTask(trip.Task);
    }

    public ValueTask<CommitReceipt[]> CommitAsync(
        IReadOnlyList<ShardCommit> commits, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask CreateShardAsync(ShardId shard, long epoch, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<IReadOnlyList<ShardId>> ListShardsAsync(CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>A round trip that is under way.</summary>
    public sealed class Trip(IReadOnlyList<ShardRead> reads)
    {
        readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Task => _end.Task;

        /// <summary>Which shards it asks, in order.</summary>
        public IReadOnlyList<int> Shards => [.. reads.Select(read => (int)read.Shard.Value)];

        public void Answer()
        {
            foreach (var read in reads.OfType<CountRead>())
                read.Count = 100 + read.Shard.Value;
            _end.SetResult();
        }

        public void Fail(Exception e) => _end.SetException(e);
    }
}
