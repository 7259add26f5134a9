using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Tests.Provisioning;

/// <summary>A real server that calls back before and after each call that makes something.</summary>
sealed class SteppedServer(IShardServer inner, Func<string, ValueTask> step) : IShardServer
{
    public string Name => inner.Name;

    public bool CommitsAcrossShards => inner.CommitsAcrossShards;

    public bool ReadsAreTrips => inner.ReadsAreTrips;

    public ICoordination Coordination => inner.Coordination;

    public ICursors Cursors => inner.Cursors;

    public IJournalTrim Trim => inner.Trim;

    public ICatalogDatabase Catalog => inner.Catalog;

    public IServerAdmin Admin => inner.Admin;

    public IShardCopies Copies => inner.Copies;

    public IFirstStartMark FirstStart { get; } = new SteppedMark(inner, step);

    public ValueTask ReadAsync(IReadOnlyList<ShardRead> reads, CancellationToken cancellation) =>
        inner.ReadAsync(reads, cancellation);

    public ValueTask<CommitReceipt[]> CommitAsync(
        IReadOnlyList<ShardCommit> commits, CancellationToken cancellation) => inner.CommitAsync(commits, cancellation);

    public async ValueTask CreateShardAsync(ShardId shard, long epoch, CancellationToken cancellation)
    {
        await step($"create on {Name}");
        await inner.CreateShardAsync(shard, epoch, cancellation);
        await step($"created on {Name}");
    }

    public ValueTask<IReadOnlyList<ShardId>> ListShardsAsync(CancellationToken cancellation) =>
        inner.ListShardsAsync(cancellation);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    sealed class SteppedMark(IShardServer inner, Func<string, ValueTask> step) : IFirstStartMark
    {
        public ValueTask<FirstStart?> FindAsync(CancellationToken cancellation) =>
            inner.FirstStart.FindAsync(cancellation);

        public async ValueTask LeaveAsync(FirstStart start, CancellationToken cancellation)
        {
            await step($"mark {inner.Name}");
            await inner.FirstStart.LeaveAsync(start, cancellation);
            await step($"marked {inner.Name}");
        }

        public async ValueTask RemoveAsync(CancellationToken cancellation)
        {
            await step($"unmark {inner.Name}");
            await inner.FirstStart.RemoveAsync(cancellation);
            await step($"unmarked {inner.Name}");
        }
    }
}
