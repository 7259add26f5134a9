using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Search.Indexing;

/// <summary>
/// Brings an index up to what a shard has: all its objects first, then what its journal says since. Cut short anywhere,
/// it goes on from the place that it gave last.
/// </summary>
sealed class ShardFeeder(ShardedStore store)
{
    const int TransactionsAtOnce = 500;

    readonly DocumentReader _documents = new(store);
    readonly AffectedObjects _affected = new(store);
    readonly JournalReader _journal = new(store);

    public Task<IReadOnlyDictionary<ShardId, long>> LastSeqsAsync(CancellationToken cancellation) =>
        _journal.LastSeqsAsync(cancellation);

    /// <summary>Writes what a few transactions of one shard have changed.</summary>
    /// <param name="target">The index.</param>
    /// <param name="transactions">In order; those of one shard.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task WriteAsync(
        ISearchTarget target, IReadOnlyList<JournalTransaction> transactions, CancellationToken cancellation)
    {
        if (transactions.Count == 0)
            return;
        await foreach (var part in _affected.OfAsync(transactions, DocumentReader.ObjectsMax)
            .WithCancellation(cancellation))
            await target.WriteAsync(
                await _documents.ReadAsync(part, transactions[^1].Seq, cancellation), cancellation);
    }

    /// <summary>A step of filling an index from a shard: some hundred objects. Gives how far it is then.</summary>
    /// <param name="target">The index.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="place">Null at the beginning.</param>
    /// <param name="lastSeq">The shard's last journal number, for the beginning.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<FillPlace> FillAsync(
        ISearchTarget target, ShardId shard, FillPlace? place, long lastSeq, CancellationToken cancellation)
    {
        var (seq, after) = place is { } begun ? (begun.Seq, begun.Next) : (lastSeq, default);
        var from = after.IsNone ? 0 : DocumentReader.Types.Index().First(t => t.Item.Number == after.Type).Index;
        for (var at = from; at < DocumentReader.Types.Count; at++)
        {
            var (documents, last) = await _documents.ScanAsync(
                shard, DocumentReader.Types[at], at == from ? after : default, seq, cancellation);
            if (documents.Count == 0)
                continue;
            await target.WriteAsync(documents, cancellation);
            return new FillPlace(seq, last);
        }
        return new FillPlace(seq, default);
    }

    /// <summary>
    /// A step of following a shard's journal into an index that is filled. Gives how far it is then; the same place
    /// when there is nothing new.
    /// </summary>
    /// <remarks>
    /// A journal that cannot be read, is shorter than it was, or was trimmed beyond the place, has the shard gone
    /// through anew.
    /// </remarks>
    public async Task<FillPlace?> FollowAsync(
        ISearchTarget target, ShardId shard, FillPlace place, long lastSeq, CancellationToken cancellation)
    {
        if (lastSeq < place.Seq)
            return null;
        if (lastSeq == place.Seq)
            return place;
        IReadOnlyList<JournalTransaction> transactions;
        try
        {
            transactions = await _journal.ReadAsync(shard, place.Seq, TransactionsAtOnce, cancellation);
        }
        catch (PinfoldException e) when (e is JournalTrimmedException or { Kind: ErrorKind.Corrupt })
        {
            return null;
        }
        await WriteAsync(target, transactions, cancellation);
        return transactions.Count == 0 ? place : place with { Seq = transactions[^1].Seq };
    }
}
