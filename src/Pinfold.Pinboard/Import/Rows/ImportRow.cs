namespace Pinfold.Pinboard.Import.Rows;

/// <summary>One entry of an import, in the order of its source: what to pin, and where.</summary>
/// <param name="Position">1-based and stable for a source: reading it again gives every row the same number.</param>
/// <param name="Kind">What the row is.</param>
/// <param name="SourceKey">
/// The same for the same entry whenever it is read, also in a later export; different for two entries of one source.
/// </param>
sealed record ImportRow(long Position, RowKind Kind, string SourceKey)
{
    const int NameLengthMax = 500;

    /// <summary>The board; null for a remark, and for a folder that is none (a browser's toolbar).</summary>
    public string? Board { get; init; }

    /// <summary>The section of the board, or null; deeper folders are joined as <c>A / B</c>.</summary>
    public string? Section { get; init; }

    /// <summary>Where the pin leads; checked to be http or https unless <see cref="Problem"/> says otherwise.</summary>
    public string? Url { get; init; }

    /// <summary>One line, or null. For a remark: what it is about.</summary>
    public string? Title { get; init; }

    /// <summary>May have several lines. For a folder: what its owner wrote about it.</summary>
    public string? Description { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>When it was first kept; null if the source does not say, or nothing that can be.</summary>
    public DateTimeOffset? AddedAt { get; init; }

    /// <summary>Its place in lists where its time does not say it; milliseconds, as of a time.</summary>
    public long? Order { get; init; }

    /// <summary>Only its owner is to see it.</summary>
    public bool Secret { get; init; }

    public ImportPicture? Picture { get; init; }

    /// <summary>Why the row is not to be imported, for a person; null if it is.</summary>
    public string? Problem { get; init; }

    /// <summary>What had to be changed (a shortened title), for a person; the row is imported nevertheless.</summary>
    public string? Note { get; init; }

    /// <summary>Of several files that are read as one source, which; those of one follow one another.</summary>
    public int File { get; init; }

    /// <summary>Which of the rows it is that count as read, from 1; 0 before it was taken, and for what is
    /// none.</summary>
    public long Number { get; init; }

    /// <summary>The line of the file in which the entry begins; 0 where there are no lines.</summary>
    public long Line { get; init; }

    /// <summary>What to call the row in a result: by its path or address, which find it in the source.</summary>
    public string Name => Text.Cut(
        (Picture as FilePicture)?.Path ?? Url ?? Title ?? Picture?.Name ?? Section ?? Board ?? $"entry {Position}",
        NameLengthMax);
}

/// <summary>What a row of an import is.</summary>
enum RowKind
{
    /// <summary>A link or a picture; counted as read, and as refused if it has a problem.</summary>
    Pin,

    /// <summary>A folder, before anything in it; rows in it repeat its board and section.</summary>
    Folder,

    /// <summary>Something about the source that is no pin: a part that is not read, an end that is missing.</summary>
    Remark,
}
