using System.Text.Json.Serialization;
using Pinfold.Sharding;

namespace Pinfold.Pinboard;

/// <summary>An import that was started on a page: what came, and how far it is.</summary>
/// <param name="Owner">Whose boards it fills; on the same shard.</param>
/// <param name="FileName">As it was called where it came from.</param>
/// <param name="StoredAs">The name of the received file in the data folder, or null once it is done with.</param>
/// <param name="State">How far it is.</param>
/// <param name="Tally">The counts so far.</param>
/// <param name="StartedAt">When it was handed in.</param>
/// <param name="Problem">Why it failed as a whole, or waits, for a person.</param>
/// <param name="Position">The row up to which every one has its result.</param>
/// <param name="Turn">Which of its turns is the next, or under way; an event of an earlier one is out of date.</param>
/// <param name="NoFetch">Whether it was handed in where pictures are not looked for on the web.</param>
sealed record ImportJob(
    ObjectId<User> Owner, string FileName, string? StoredAs, ImportState State, ImportResult Tally,
    DateTimeOffset StartedAt, string? Problem, long Position = 0, int Turn = 0, bool NoFetch = false)
{
    static readonly TimeSpan PaceMin = TimeSpan.FromSeconds(2);

    /// <summary>The event with which it has its next turn; the payload is that turn's number.</summary>
    public const string GoesOn = "import_goes_on";

    public static ObjectType<ImportJob> Type { get; } =
        new(6, "imports", PinboardJson.Default.ImportJob, isCached: false);

    /// <summary>How many entries its source has, about; 0 if it has too many to be counted, null before.</summary>
    public long? Total { get; init; }

    /// <summary>Since when it works, without the time that it was stopped; null before.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>At which row it was then.</summary>
    public long SincePosition { get; init; }

    /// <summary>When its position was saved.</summary>
    public DateTimeOffset? SavedAt { get; init; }

    /// <summary>When it came to its end by itself; null before.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>
    /// How long it will take at the pace that it had so far; null while that cannot be said. The pace is that of the
    /// whole way, so that it does not jump about.
    /// </summary>
    [JsonIgnore]
    public TimeSpan? TimeLeft =>
        IsUnderWay && Since is { } since && SavedAt is { } saved && Position > SincePosition && Total > Position
        && saved - since >= PaceMin
            ? (saved - since) * ((double)(Total.Value - Position) / (Position - SincePosition))
            : null;

    /// <summary>Whether it works, or will by itself.</summary>
    [JsonIgnore]
    public bool IsUnderWay => State is ImportState.Waiting or ImportState.Running;
}

/// <summary>How far an import is.</summary>
enum ImportState
{
    /// <summary>Received; a follower will take it up, also after a restart.</summary>
    Waiting,

    /// <summary>Rows are being pinned.</summary>
    Running,

    /// <summary>Every row has its result.</summary>
    Done,

    /// <summary>The file could not be read at all, or not to its end.</summary>
    Failed,

    /// <summary>Its owner stopped it; it goes on where it was when they say so, while the file is kept.</summary>
    Stopped,
}

/// <summary>What an import did so far.</summary>
/// <param name="Rows">Links and pictures read.</param>
/// <param name="Folders">Folders read.</param>
/// <param name="Added">Pins made.</param>
/// <param name="Present">Rows that were pins already.</param>
/// <param name="Refused">Rows that cannot be pins; each has its reason.</param>
/// <param name="Boards">Boards made.</param>
/// <param name="Sections">Sections made.</param>
/// <param name="Problems">The first reasons, at most 500: why rows were refused, and what was changed in
/// others.</param>
sealed record ImportResult(
    long Rows, long Folders, long Added, long Present, long Refused, int Boards, int Sections,
        IReadOnlyList<RowProblem> Problems)
{
    public const int ProblemsMax = 500;

    /// <summary>Of the pins made, those whose pictures are looked for on the web.</summary>
    public long Fetches { get; init; }

    /// <summary>How many reasons there were in all.</summary>
    public long ProblemCount { get; init; }

    /// <summary>How many of them are not in <see cref="Problems"/>.</summary>
    [JsonIgnore]
    public long ProblemsLeftOut => Math.Max(0, ProblemCount - Problems.Count);

    public static ImportResult Empty { get; } = new(0, 0, 0, 0, 0, 0, 0, []);
}

/// <summary>
/// What was wrong with a row, named by its path or address; <paramref name="IsRefused"/> false for one that was
/// imported with a change. <paramref name="Row"/> is 0 for what is none: a folder, a file that was not read.
/// </summary>
sealed record RowProblem(long Row, string What, string Why, bool IsRefused);
