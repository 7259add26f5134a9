using Pinfold.Sharding;

namespace Pinfold.Pinboard.Import.Rows;

/// <summary>
/// Makes the rows of one source: numbers them, judges addresses, brings texts to the length that pins can have.
/// </summary>
sealed class RowMaker(int rowsMax = ImportLimits.RowsMax)
{
    readonly SourceKeys _remarks = new();
    long _position;

    /// <summary>A bookmark. What identifies it is its folder and its address.</summary>
    public ImportRow Link(Place place, RawEntry entry) => Link(place, place, entry);

    /// <summary>
    /// A bookmark that is known by its address within <paramref name="home"/>, whichever place of it it is moved to.
    /// </summary>
    public ImportRow Link(Place home, Place place, RawEntry entry)
    {
        var address = LinkAddress.Check(entry.Url);
        var key = home.Keys.Next("link", home.Key, address.Key);
        return Pin(key, place, entry with { Url = address.Url }, address.Problem, address.Note);
    }

    /// <summary>A pin whose key, address and problem are known.</summary>
    public ImportRow Pin(string key, Place place, RawEntry entry, string? problem, string? note)
    {
        var notes = new List<string?> { note, place.Note, entry.Time.Problem };
        var picture = entry.PictureAddress is { } wanted ? LinkAddress.Check(wanted) : default;
        return new ImportRow(NextPosition(), RowKind.Pin, key)
        {
            Board = place.Board,
            Section = place.Section,
            Url = entry.Url,
            Title = Shortened(Text.OneLine(entry.Title), ImportLimits.TitleLengthMax, "title", notes),
            Description = Paragraph(entry.Description, notes),
            Tags = CleanTags(entry.Tags, notes),
            AddedAt = entry.Time.At,
            Secret = entry.Secret,
            Picture = picture is { Url: { } url, Problem: null } ? new RemotePicture(url) : null,
            Problem = problem,
            Note = Joined(notes),
            Line = entry.Line,
        };
    }

    /// <summary>A folder; its place is that which its entries have.</summary>
    public ImportRow Folder(Place place, RawEntry entry)
    {
        var notes = new List<string?> { place.Note };
        return new ImportRow(NextPosition(), RowKind.Folder, place.Key)
        {
            // A wrapper becomes a board only when something lies in it directly, and then by that entry's row.
            Board = place.IsWrapper ? null : place.Board,
            Section = place.Section,
            Title = Shortened(Text.OneLine(entry.Title), ImportLimits.TitleLengthMax, "folder's name", []),
            Description = FolderDescription(place, entry.Description, notes),
            AddedAt = entry.Time.At,
            Note = Joined(notes),
            Line = entry.Line,
        };
    }

    /// <summary>Something about the source that its owner should know.</summary>
    public ImportRow Remark(string what, string problem, long line = 0) =>
        new(NextPosition(), RowKind.Remark, _remarks.Next("remark", what, problem))
        {
            Title = Text.Cut(Text.OneLine(what), ImportLimits.TitleLengthMax),
            Problem = problem,
            Line = line,
        };

    /// <summary>That the source is damaged from here on.</summary>
    public ImportRow CutOff(string problem) => Remark(
        "The end of the file", $"{problem} What comes before was read; export it again for the rest.");

    long NextPosition() => _position < rowsMax
        ? ++_position
        : throw new PinfoldException(ErrorKind.LimitExceeded,
            $"There are more than {rowsMax:N0} entries, the most that one import reads; split it into smaller parts.");

    static string? Paragraph(string? text, List<string?> notes) => Shortened(
        Text.Paragraph(text, int.MaxValue, ""), ImportLimits.DescriptionLengthMax, "description", notes);

    static string? FolderDescription(Place place, string? text, List<string?> notes)
    {
        var words = Text.Paragraph(text, int.MaxValue, "");
        if (words is not null && place.Section is not null)
            notes.Add("What is written about it was left out, for only boards have a description: "
                + $"“{Text.Cut(Text.OneLine(words), ImportLimits.TitleLengthMax)}”.");
        return Shortened(words, ImportLimits.BoardDescriptionLengthMax, "board's description", notes);
    }

    static string? Shortened(string? text, int lengthMax, string what, List<string?> notes)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        if (text.Length > lengthMax)
            notes.Add($"The {what} was shortened from {text.Length} to {lengthMax} characters.");
        return Text.Cut(text, lengthMax);
    }

    static IReadOnlyList<string> CleanTags(IEnumerable<string> raw, List<string?> notes)
    {
        var tags = new List<string>();
        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var tag in raw.Select(Text.OneLine).Where(t => t.Length > 0))
        {
            if (tags.Count == ImportLimits.TagsMax)
            {
                notes.Add($"Only the first {ImportLimits.TagsMax} tags were kept.");
                break;
            }
            var kept = Shortened(tag, ImportLimits.TagLengthMax, "tag", notes)!;
            if (known.Add(kept))
                tags.Add(kept);
        }
        return tags;
    }

    static string? Joined(List<string?> notes) =>
        notes.OfType<string>().Distinct().ToList() is { Count: > 0 } said ? string.Join(' ', said) : null;
}
