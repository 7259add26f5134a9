using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Journal;

namespace Pinfold.Sharding.Following;

/// <summary>A journal row, decoded once for all followers; <see cref="Error"/> says why it cannot be read.</summary>
sealed record JournalItem(long Seq, JournalTransaction? Transaction, PinfoldException? Error)
{
    /// <summary>The entry that a newer program wrote; it is not parked, but left to such a program.</summary>
    public NewerEntryException? Newer => Error as NewerEntryException;

    public static JournalItem Of(ShardId shard, JournalRow row)
    {
        try
        {
            return new(row.Seq, JournalCodec.Decode(shard, row), null);
        }
        catch (PinfoldException e)
        {
            return new(row.Seq, null, e);
        }
    }
}
