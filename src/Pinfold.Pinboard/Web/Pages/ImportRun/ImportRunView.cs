namespace Pinfold.Pinboard.Web.Pages.ImportRun;

/// <summary>One import and what became of each row; asks again by itself while it runs.</summary>
internal sealed record ImportRunView : PageView
{
    public required string Id { get; init; }
    public required string FileName { get; init; }
    public required ImportStage Stage { get; init; }

    /// <summary>Null while the number of rows is not known yet.</summary>
    public long? RowCount { get; init; }
    public long Added { get; init; }
    public long Known { get; init; }
    public long Failed { get; init; }

    /// <summary>Why the whole import stopped, when it did.</summary>
    public string? Failure { get; init; }
    public IReadOnlyList<RowResult> Rows { get; init; } = [];
    public string? NextHref { get; init; }

    /// <summary>Where to see what was imported.</summary>
    public string? ResultHref { get; init; }

    public long Done => Added + Known + Failed;
    public bool Running => Stage is ImportStage.Waiting or ImportStage.Running;
}

internal enum ImportStage
{
    /// <summary>Uploaded, not begun.</summary>
    Waiting,

    /// <summary>Rows are being read.</summary>
    Running,

    /// <summary>Every row has its result.</summary>
    Finished,

    /// <summary>It stopped before the end; what was added stays.</summary>
    Stopped,

    /// <summary>Its owner stopped it, and can have it go on.</summary>
    Paused,
}

internal enum ImportOutcome
{
    Added,

    /// <summary>It was there already; nothing was changed.</summary>
    Known,

    Failed,

    /// <summary>Not a failure: a change that was made to fit, or something that is no row.</summary>
    Noted,
}

/// <param name="Number">The row in the file, from 1.</param>
/// <param name="PinHref">The pin, when there is one.</param>
/// <param name="Reason">Why it failed, or what was done with it.</param>
internal sealed record RowResult(
    long Number, string Name, string? Board, ImportOutcome Outcome, string? PinHref, string? Reason);
