using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Store;

namespace Pinfold.Sharding.Following;

/// <summary>
/// Keeps the reverse of each mapping that has one: what was put or removed is put or removed on the other end's shard,
/// one transaction for each shard and up to 1,000 changes of a batch. The last change of a pair wins by its journal
/// number, in whatever order they come and however often: an entry carries the number, and one that was removed leaves
/// it behind as a tombstone.
/// </summary>
/// <remarks>
/// A tombstone is kept for a day. What comes later than an hour after it was written (it was parked, or the follower
/// did not run) is done only if the forward mapping still says the same: else a later change says what is right. So no
/// change is older than the tombstones that it might meet.
/// </remarks>
sealed class ReverseFollower(ShardedStore store) : IBatchFollower
{
    public const string FollowerName = "reverses";

    const int ChangesPerTransactionMax = 1000;
    const int ListsPerReadMax = 1000;
    const int WritesAtOnceMax = 256;

    static readonly TimeSpan LateAfter = ReverseEntry.TombstoneKept / 24;

    public string Name => FollowerName;

    public FollowerInterests Interests { get; } =
        new() { Mappings = store.Model.Reverses.Values.Select(reverse => reverse.ReverseOf!) };

    public int TransactionsAtOnceMax => 1000;

    public async ValueTask HandleAsync(IReadOnlyList<JournalTransaction> batch, CancellationToken cancellation)
    {
        var changes = LastOfEachPair(batch);
        await RemoveOvertakenAsync(changes, cancellation);
        var parts = changes.GroupBy(change => change.Key.To.Shard)
            .SelectMany(shard => shard.Chunk(ChangesPerTransactionMax).Select(part => (Shard: shard.Key, Part: part)));
        await Parallel.ForEachAsync(
            parts, new ParallelOptions { MaxDegreeOfParallelism = WritesAtOnceMax, CancellationToken = cancellation },
            async (part, token) => await WriteAsync(part.Shard, part.Part, token));
    }

    /// <summary>All changes of a pair are in one journal, that of its forward end.</summary>
    Dictionary<Pair, Change> LastOfEachPair(IReadOnlyList<JournalTransaction> batch)
    {
        var changes = new Dictionary<Pair, Change>();
        foreach (var transaction in batch)
            foreach (var entry in transaction.Entries)
                if (entry.Kind is JournalEntryKind.Mapped or JournalEntryKind.Unmapped
                    && store.Model.Reverses.ContainsKey(entry.Mapping))
                {
                    var pair = new Pair(entry.Mapping, entry.Id, entry.To);
                    if (!changes.TryGetValue(pair, out var last) || last.Number <= transaction.Seq)
                        changes[pair] = new Change(entry, transaction.Seq, transaction.At);
                }
        return changes;
    }

    async Task RemoveOvertakenAsync(Dictionary<Pair, Change> changes, CancellationToken cancellation)
    {
        var lateBefore = store.Time.GetUtcNow() - LateAfter;
        var late = changes.Where(change => change.Value.At < lateBefore).Select(change => change.Key).ToList();
        foreach (var lists in late.GroupBy(pair => (pair.Mapping, pair.From)).Chunk(ListsPerReadMax))
        {
            var reads = lists.Select(list => (list.Key, Pairs: list.ToList(), Read: new EntriesRead(
                list.Key.From.Shard, store.Model.FindMapping(list.Key.Mapping)!, list.Key.From,
                [.. list.Select(pair => pair.To)]))).ToList();
            await store.Router.ReadAsync([.. reads.Select(r => r.Read)], cancellation);
            foreach (var (_, pairs, read) in reads)
            {
                var there = read.Rows.Select(row => row.To).ToHashSet();
                foreach (var pair in pairs)
                    if (there.Contains(pair.To) != (changes[pair].Entry.Kind == JournalEntryKind.Mapped))
                        changes.Remove(pair);
            }
        }
    }

    Task WriteAsync(
        ShardId shard, IReadOnlyList<KeyValuePair<Pair, Change>> changes, CancellationToken cancellation)
    {
        var transaction = store.Begin(shard);
        foreach (var (pair, change) in changes)
            transaction.Reverse(store.Model.Reverses[pair.Mapping], change.Entry, change.Number);
        return transaction.CommitAsync(cancellation);
    }

    readonly record struct Pair(int Mapping, ObjectId From, ObjectId To);

    readonly record struct Change(JournalEntry Entry, long Number, DateTimeOffset At);
}
