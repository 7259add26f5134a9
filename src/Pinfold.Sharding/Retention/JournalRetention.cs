using System.Globalization;

namespace Pinfold.Sharding.Retention;

/// <summary>How much of each journal is kept whatever else has passed it.</summary>
/// <remarks>
/// A transaction is looked up by its id in its shard's journal: by its writer for 30 seconds at most, by whoever
/// settles a reserved name some minutes after 15, by who does a write of the same name again at any time. So what is
/// kept is at least a day; an idempotency key works for as long as is kept.
/// </remarks>
public sealed record JournalRetention
{
    /// <summary>The least that may be kept: far beyond the last look for the outcome of a write.</summary>
    public static readonly TimeSpan KeepMin = TimeSpan.FromDays(1);

    static readonly TimeSpan KeepMax = TimeSpan.FromDays(36_500);

    /// <exception cref="PinfoldException">Invalid: less than a day, or more than a hundred years.</exception>
    public JournalRetention(TimeSpan keep)
    {
        if (keep < KeepMin || keep > KeepMax)
            throw PinfoldException.Invalid(string.Create(CultureInfo.InvariantCulture,
                $"To keep {keep.TotalHours:0.#} hours of the journal is wrong: at least {KeepMin.TotalHours} hours ")
                + "are kept, for outcomes of writes and claims of names are looked up there; at most a hundred years.");
        Keep = keep;
    }

    /// <summary>What was written within this time stays.</summary>
    public TimeSpan Keep { get; }

    /// <summary>
    /// How many of a shard's newest transactions stay whatever their times say, for a writer's clock may be wrong.
    /// </summary>
    public int Rows { get; internal init; } = 10_000;
}
