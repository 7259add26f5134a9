using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Journal;

/// <summary>Finds a transaction in the journal of its shard.</summary>
static class JournalLookup
{
    /// <summary>Its row, which may be that of one given up; null if its id is not there. Two round trips.</summary>
    public static async Task<JournalRow?> FindAsync(
        ShardId shard, TransactionId transaction, Func<ShardRead, Task> read)
    {
        var place = new TransactionRead(shard, transaction);
        await read(place);
        if (place.Receipt is not { } receipt)
            return null;
        var journal = new JournalRead(shard, receipt.Seq - 1, 1);
        await read(journal);
        return journal.Rows is [var row] && row.Seq == receipt.Seq ? row : null; // it may have been trimmed meanwhile
    }

    /// <summary>Whether it only uses the id up.</summary>
    public static bool IsAbandoned(this JournalRow row) => row.Entries.AsSpan().SequenceEqual(JournalCodec.Abandoned);
}
