using System.Runtime.CompilerServices;
using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Tests.Following;

/// <summary>A real server, before or after whose calls the test does something: waits, fails, writes.</summary>
/// <param name="inner">The server.</param>
/// <param name="before">Given the name of a call of followers' contracts, before it is made.</param>
/// <param name="afterRead">Given what was read and answered.</param>
sealed class HookedServer(
    IShardServer inner, Func<string, ValueTask>? before = null,
    Func<IReadOnlyList<ShardRead>, ValueTask>? afterRead = null) : IShardServer
{
    public string Name => inner.Name;

    public bool CommitsAcrossShards => inner.CommitsAcrossShards;

    public bool ReadsAreTrips => inner.ReadsAreTrips;

    public ICoordination Coordination { get; } =
        new HookedCoordination(inner.Coordination, before ?? (static _ => ValueTask.CompletedTask));

    public IJournalTrim Trim => inner.Trim;

    public ICursors Cursors { get; } =
        new HookedCursors(inner.Cursors, before ?? (static _ => ValueTask.CompletedTask));

    public IFirstStartMark FirstStart => inner.FirstStart;

    public ICatalogDatabase Catalog => inner.Catalog;

    public IServerAdmin Admin => inner.Admin;

    public IShardCopies Copies => inner.Copies;

    public async ValueTask ReadAsync(IReadOnlyList<ShardRead> reads, CancellationToken cancellation)
    {
        await inner.ReadAsync(reads, cancellation);
        if (afterRead is not null)
            await afterRead(reads);
    }

    public ValueTask<CommitReceipt[]> CommitAsync(
        IReadOnlyList<ShardCommit> commits, CancellationToken cancellation) => inner.CommitAsync(commits, cancellation);

    public ValueTask CreateShardAsync(ShardId shard, long epoch, CancellationToken cancellation) =>
        inner.CreateShardAsync(shard, epoch, cancellation);

    public ValueTask<IReadOnlyList<ShardId>> ListShardsAsync(CancellationToken cancellation) =>
        inner.ListShardsAsync(cancellation);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    sealed class HookedCoordination(ICoordination inner, Func<string, ValueTask> before) : ICoordination
    {
        public ValueTask<LeaseTable> RenewAsync(
            Guid worker, string name, string followers, TimeSpan lease, CancellationToken cancellation) =>
            Do(() => inner.RenewAsync(worker, name, followers, lease, cancellation));

        public ValueTask<IReadOnlyList<string>> ChangeLeasesAsync(
            IReadOnlyList<LeaseChange> changes, bool wake, CancellationToken cancellation) =>
            Do(() => inner.ChangeLeasesAsync(changes, wake, cancellation));

        public ValueTask<IReadOnlyList<LivingWorker>> ReadLivingAsync(CancellationToken cancellation) =>
            inner.ReadLivingAsync(cancellation);

        public ValueTask LeaveAsync(Guid worker, CancellationToken cancellation) =>
            inner.LeaveAsync(worker, cancellation);

        public async ValueTask SendWakeupsAsync(IReadOnlyList<Wakeup> wakeups, CancellationToken cancellation)
        {
            await before(nameof(SendWakeupsAsync));
            await inner.SendWakeupsAsync(wakeups, cancellation);
        }

        public ValueTask<WakeupsSince> ReadWakeupsAsync(long sinceMs, CancellationToken cancellation) =>
            Do(() => inner.ReadWakeupsAsync(sinceMs, cancellation));

        async ValueTask<T> Do<T>(Func<ValueTask<T>> call, [CallerMemberName] string name = "")
        {
            await before(name);
            return await call();
        }
    }

    sealed class HookedCursors(ICursors inner, Func<string, ValueTask> before) : ICursors
    {
        public ValueTask<IReadOnlyList<ClaimedCursor>> ClaimAsync(
            IReadOnlyList<CursorClaim> claims, Guid claim, CancellationToken cancellation) =>
            Do(() => inner.ClaimAsync(claims, claim, cancellation));

        public ValueTask<IReadOnlyList<ShardSeq>> ReadLastSeqsAsync(
            IReadOnlyList<ShardId> shards, CancellationToken cancellation) =>
            Do(() => inner.ReadLastSeqsAsync(shards, cancellation));

        public ValueTask<IReadOnlyList<CursorRow>> ReadCursorsAsync(
            IReadOnlyList<ShardId> shards, CancellationToken cancellation) =>
            Do(() => inner.ReadCursorsAsync(shards, cancellation));

        public ValueTask<IReadOnlyList<CursorMove>> AdvanceAsync(
            IReadOnlyList<CursorMove> moves, CancellationToken cancellation) =>
            Do(() => inner.AdvanceAsync(moves, cancellation));

        public ValueTask<bool> ParkAsync(Guid claim, ParkedRow row, CancellationToken cancellation) =>
            Do(() => inner.ParkAsync(claim, row, cancellation));

        public ValueTask RescheduleAsync(ParkedRow row, CancellationToken cancellation) =>
            inner.RescheduleAsync(row, cancellation);

        public ValueTask<bool> UnparkAsync(
            ShardId shard, string follower, long seq, CancellationToken cancellation) =>
            Do(() => inner.UnparkAsync(shard, follower, seq, cancellation));

        public ValueTask<IReadOnlyList<ParkedRow>> ReadParkedAsync(
            IReadOnlyList<ShardId> shards, string? follower, long dueMs, int limit, CancellationToken cancellation) =>
            Do(() => inner.ReadParkedAsync(shards, follower, dueMs, limit, cancellation));

        public ValueTask<int> MakeDueAsync(
            IReadOnlyList<ShardId> shards, string follower, CancellationToken cancellation) =>
            Do(() => inner.MakeDueAsync(shards, follower, cancellation));

        public ValueTask<IReadOnlyList<ParkedSummary>> SumParkedAsync(
            IReadOnlyList<ShardId> shards, CancellationToken cancellation) =>
            Do(() => inner.SumParkedAsync(shards, cancellation));

        async ValueTask<T> Do<T>(Func<ValueTask<T>> call, [CallerMemberName] string name = "")
        {
            await before(name);
            return await call();
        }
    }
}
