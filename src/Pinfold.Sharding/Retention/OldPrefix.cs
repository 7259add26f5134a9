using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Retention;

/// <summary>
/// The beginning of a journal in which every row is old, found by going through it. Times are those of the writers'
/// clocks: a row never goes before one that is older by its number and younger by its time. A time in the future says
/// nothing: such a row goes with the first old one behind it.
/// </summary>
/// <param name="cutoffMs">What was written before is old.</param>
/// <param name="futureMs">What was written after that cannot have been.</param>
sealed class OldPrefix(long cutoffMs, long futureMs)
{
    /// <summary>The last number of the beginning; 0 for none.</summary>
    public long To { get; private set; }

    /// <summary>The first row that is not old, which ends it; null if none was met.</summary>
    public RowTime? Young { get; private set; }

    /// <summary>Goes through the next rows.</summary>
    public void Take(IReadOnlyList<RowTime> rows)
    {
        foreach (var row in rows)
            if (Young is not null)
                return;
            else if (row.AtMs < cutoffMs)
                To = row.Seq;
            else if (row.AtMs <= futureMs)
                Young = row;
    }
}
