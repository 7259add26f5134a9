using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Tests.Faults;

/// <summary>
/// A real server of which one commit is held up on its way, within this process: its writer loses sight of it, and it
/// is run when the test says so. It may also be deaf to reads.
/// </summary>
sealed class LateServer(IShardServer inner) : IShardServer
{
    readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    IReadOnlyList<ShardCommit>? _late;
    TaskCompletionSource<CommitReceipt[]>? _silence;
    int _isArmed;

    public string Name => inner.Name;

    public bool CommitsAcrossShards => inner.CommitsAcrossShards;

    public bool ReadsAreTrips => inner.ReadsAreTrips;

    public ICoordination Coordination => inner.Coordination;

    public ICursors Cursors => inner.Cursors;

    public IJournalTrim Trim => inner.Trim;

    public ICatalogDatabase Catalog => inner.Catalog;

    public IServerAdmin Admin => inner.Admin;

    public IShardCopies Copies => inner.Copies;

    public IFirstStartMark FirstStart => inner.FirstStart;

    public bool IsDeaf { get; set; }

    /// <summary>How many commits have got no answer.</summary>
    public int Unanswered { get; private set; }

    /// <summary>From now on commits get no answer.</summary>
    public void FallSilent() => _silence = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Those who wait for an answer hear that the connection is gone.</summary>
    public void Speak()
    {
        _silence?.SetException(new CommitFailedException(CommitFailure.Unknown, "It was silent."));
        _silence = null;
    }

    /// <summary>Holds the next commit up; completes when its writer has lost sight of it.</summary>
    public Task HoldNextAsync()
    {
        Volatile.Write(ref _isArmed, 1);
        return _held.Task;
    }

    /// <summary>Runs what was held up; that it is refused is nobody's business.</summary>
    public async Task DeliverAsync()
    {
        try
        {
            await inner.CommitAsync(_late!, CancellationToken.None);
        }
        catch (CommitFailedException)
        {
        }
    }

    public ValueTask<CommitReceipt[]> CommitAsync(
        IReadOnlyList<ShardCommit> commits, CancellationToken cancellation)
    {
        if (_silence is { } silence)
        {
            Unanswered++;
            return new(silence.Task);
        }
        if (Interlocked.Exchange(ref _isArmed, 0) == 0)
            return inner.CommitAsync(commits, cancellation);
        _late = commits;
        _held.SetResult();
        throw new CommitFailedException(CommitFailure.Unknown, "Held up on its way.");
    }

    public ValueTask ReadAsync(IReadOnlyList<ShardRead> reads, CancellationToken cancellation) =>
        IsDeaf ? throw new PinfoldException(ErrorKind.Unavailable, "Deaf.") : inner.ReadAsync(reads, cancellation);

    public ValueTask CreateShardAsync(ShardId shard, long epoch, CancellationToken cancellation) =>
        inner.CreateShardAsync(shard, epoch, cancellation);

    public ValueTask<IReadOnlyList<ShardId>> ListShardsAsync(CancellationToken cancellation) =>
        inner.ListShardsAsync(cancellation);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
