using System.Buffers.Binary;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Store;

namespace Pinfold.Sharding.Verification;

/// <summary>Writes what is derived, from what it is derived from.</summary>
sealed class FleetRepair(ShardedStore store)
{
    const int TriesMax = 3;

    readonly VerifyRun _run = new(store, new VerifyOptions());

    /// <returns>Why it was not done; null if it is right now.</returns>
    public async Task<string?> RepairAsync(Repair repair, CancellationToken cancellation)
    {
        switch (repair)
        {
            case Recount recount:
                var transaction = store.Begin(recount.From.Shard);
                transaction.Recount(recount.Mapping, recount.From);
                await transaction.CommitAsync(cancellation);
                return null;
            case ReverseAnew anew:
                return await ReverseAsync(anew.Pair, cancellation);
            case SettleName settle:
                await store.Names.SettleAsync(settle.Row, cancellation);
                return null;
            default:
                throw new NotSupportedException($"{repair.GetType().Name} is a repair that is not known.");
        }
    }

    /// <summary>
    /// Tells the other side what the pair is as of the last journal number of its forward shard, as the follower would:
    /// whatever that is given later has a greater number, and wins.
    /// </summary>
    async Task<string?> ReverseAsync(Pair pair, CancellationToken cancellation)
    {
        for (var tries = 0; tries < TriesMax; tries++)
        {
            // Before the entry: what is written between the two is told anew by the follower.
            var number = (await _run.ReadLastSeqsAsync([pair.From.Shard], cancellation))[pair.From.Shard];
            var rows = await _run.FindAsync(ShardTable.Entries,
                [(pair.From.Shard, pair.ForwardKey), (pair.To.Shard, pair.ReverseKey)], withLast: true, cancellation);
            var forward = EntryCells.SequenceIn(rows.GetValueOrDefault((pair.From.Shard, pair.ForwardKey)));
            var reverse = rows.GetValueOrDefault((pair.To.Shard, pair.ReverseKey));
            if (forward == EntryCells.SequenceIn(reverse))
                return null;
            var known = NumberOf(reverse);
            if (known > number)
                return $"the reverse is of journal number {known}, and shard {pair.From.Shard} has come to {number} "
                    + "only: remove its row by SQL, and repair again.";
            if (known == number)
            {
                // A change is told by a greater number; this makes one.
                var next = store.Begin(pair.From.Shard);
                next.SayRepaired(pair.Forward, pair.From);
                await next.CommitAsync(cancellation);
                continue;
            }
            var transaction = store.Begin(pair.To.Shard);
            transaction.Reverse(pair.Reverse, new JournalEntry(
                forward is null ? JournalEntryKind.Unmapped : JournalEntryKind.Mapped, pair.From, pair.Forward.Number,
                pair.To, forward ?? 0), number);
            await transaction.CommitAsync(cancellation);
        }
        return "it changes all the time; verify again.";
    }

    static long? NumberOf(Cell[]? row) => row?[^1].Bytes is { Length: sizeof(long) } bytes
        ? BinaryPrimitives.ReadInt64BigEndian(bytes) : null;
}
