using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Verification;

/// <summary>A row of the table of entries.</summary>
readonly record struct EntryCells(int Mapping, long From, long To, long Sequence, bool IsEntry, long? Count)
{
    public static EntryCells Of(Cell[] row) => new(
        (int)row[0].Number, row[1].Number, row[2].Number, row[3].Number, row[2].Number != 0 && row[4].IsNull,
        row[2].Number == 0 ? row[4].Number : null);

    /// <summary>The sequence of an entry; null where there is no row, or that of a tombstone.</summary>
    public static long? SequenceIn(Cell[]? row) => row is not null && Of(row) is { IsEntry: true } entry
        ? entry.Sequence : null;
}
