namespace Pinfold.Pinboard.Web.Pages.ImportRun;

/// <summary>One import and what became of it; asks again by itself while it goes on.</summary>
internal sealed record ImportRunView : PageView
{
    public required string Id { get; init; }
    public required string FileName { get; init; }
    public required ImportStage Stage { get; init; }

    /// <summary>What it did, in a sentence; said when it ended.</summary>
    public required string Summary { get; init; }

    /// <summary>How far it is in what it reads, of 1; null while that is not known.</summary>
    public double? Part { get; init; }

    /// <summary>How long it may take, as "about 3 minutes left"; null while that is not known.</summary>
    public string? TimeLeft { get; init; }

    /// <summary>Links and pictures read.</summary>
    public long Read { get; init; }
    public long Added { get; init; }
    public long Known { get; init; }
    public long Failed { get; init; }

    /// <summary>How many of its pictures are still looked for on the web.</summary>
    public long ToFetch { get; init; }

    /// <summary>How many pictures it looks for on the web in all.</summary>
    public long Fetches { get; init; }

    /// <summary>Why the whole import stopped, when it did.</summary>
    public string? Failure { get; init; }
    public IReadOnlyList<RowResult> Rows { get; init; } = [];

    /// <summary>How many more problems there were than are shown.</summary>
    public long RowsLeftOut { get; init; }

    /// <summary>Where to see what was imported.</summary>
    public string? ResultHref { get; init; }

    public bool Running => Stage is ImportStage.Waiting or ImportStage.Running;

    /// <summary>Whether more of it comes: the page asks again.</summary>
    public bool GoesOn => Running || ToFetch > 0;
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

/// <summary>A row that is not as it was in the source.</summary>
/// <param name="Number">The row in the source, from 1.</param>
/// <param name="Name">Its path or address.</param>
/// <param name="IsRefused">False for one that was changed to fit, or is no row.</param>
/// <param name="Reason">Why, or what was changed.</param>
internal sealed record RowResult(long? Number, string Name, bool IsRefused, string Reason);
