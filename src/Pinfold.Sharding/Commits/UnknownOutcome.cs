using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Lanes;

namespace Pinfold.Sharding.Commits;

/// <summary>What is known of a write after some attempts at it.</summary>
/// <param name="IsOpen">An attempt is out, and may still be committed.</param>
/// <param name="Row">The row under its id, if the journal has one.</param>
readonly record struct Fate(bool IsOpen, JournalRow? Row = null)
{
    public static Fate Open => new(IsOpen: true);

    /// <summary>No attempt was committed, and none that was sent ever will be.</summary>
    public static Fate Never => new(IsOpen: false);
}

/// <summary>
/// How the fate of a write is found out of which an attempt is out: sent, and its answer lost, so that it may have been
/// committed, or may still be on its way. Three things are final:
/// its id is in the journal; its id was used up by an empty transaction; the shard's own row has a higher epoch than
/// every attempt that is out. All else says nothing of what is on its way: a shard that is closed may be opened again
/// under the same epoch, an object that is missing may come, a server that does not answer may.
/// </summary>
sealed class UnknownOutcome(PendingTransaction transaction)
{
    // The highest epoch that an attempt which is out presents.
    long? _outUnder;

    public bool IsOut => _outUnder is not null;

    /// <summary>The transaction that uses an id up, so that what was to bear it never happens.</summary>
    public static PendingTransaction UseUp(ShardId shard, TransactionId id, DateTimeOffset at) =>
        new(id, shard, [], 0, at, JournalCodec.Abandoned.ToArray());

    /// <summary>An attempt under that epoch is out; whatever is tried afterwards, and wherever.</summary>
    public void Remember(long epoch) => _outUnder = Math.Max(_outUnder ?? epoch, epoch);

    /// <summary>What became of it, now that a later attempt at <paramref name="server"/> failed so.</summary>
    public async Task<Fate> SettleAsync(
        IShardServer server, CommitQueue queue, long epoch, CommitFailure failure, Deadline deadline)
    {
        if (!IsOut)
            return Fate.Never;
        try
        {
            return failure switch
            {
                CommitFailure.Unknown or CommitFailure.NotSent => Fate.Open,
                CommitFailure.AlreadyCommitted => await FindAsync(server, deadline) ?? Fate.Open,
                CommitFailure.Fenced => await LookBehindFenceAsync(server, deadline),
                _ => await UseUpAsync(server, queue, epoch, deadline),
            };
        }
        catch (Exception e) when (e is PinfoldException or TimeoutException or CommitFailedException)
        {
            return Fate.Open;
        }
    }

    /// <summary>
    /// The epoch is read first: what is committed under a lower one is so before that, and then seen in the journal.
    /// </summary>
    async Task<Fate> LookBehindFenceAsync(IShardServer server, Deadline deadline)
    {
        var shard = new ShardRowRead(transaction.Shard);
        await server.ReadAsync(shard, deadline);
        var found = await FindAsync(server, deadline);
        return found ?? (shard.Row?.Epoch > _outUnder ? NothingIsOut() : Fate.Open);
    }

    /// <summary>A refusal is final once the id is used up, for an attempt may still be on its way.</summary>
    async Task<Fate> UseUpAsync(IShardServer server, CommitQueue queue, long epoch, Deadline deadline)
    {
        try
        {
            var empty = UseUp(transaction.Shard, transaction.Id, transaction.At);
            await queue.CommitAsync(empty, epoch, deadline.Left, isAlone: true);
            return NothingIsOut();
        }
        catch (CommitFailedException e) when (e.Failure == CommitFailure.AlreadyCommitted)
        {
            return await FindAsync(server, deadline) ?? Fate.Open;
        }
    }

    async Task<Fate?> FindAsync(IShardServer server, Deadline deadline)
    {
        var row = await JournalLookup.FindAsync(
            transaction.Shard, transaction.Id, read => server.ReadAsync(read, deadline));
        return row is null ? null : new Fate(IsOpen: false, row);
    }

    Fate NothingIsOut()
    {
        _outUnder = null;
        return Fate.Never;
    }
}
