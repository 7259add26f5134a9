namespace Pinfold.Pinboard.Import.Rows;

/// <summary>An entry as a source words it, before anything in it was judged.</summary>
sealed record RawEntry
{
    public string? Url { get; init; }
    public string? Title { get; init; }
    public string? Description { get; init; }
    public IEnumerable<string> Tags { get; init; } = [];
    public SourceTime Time { get; init; }
    public bool Secret { get; init; }
    public string? PictureAddress { get; init; }
    public long Line { get; init; }
}
