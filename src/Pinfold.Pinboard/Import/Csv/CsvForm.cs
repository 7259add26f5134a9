using Pinfold.Pinboard.Import.Rows;

namespace Pinfold.Pinboard.Import.Csv;

/// <summary>What one service writes into its CSV files.</summary>
sealed record CsvForm
{
    /// <summary>
    /// What a column is called here, by its name in the file (one line, lower case); those that are not used are not
    /// in it.
    /// </summary>
    public required IReadOnlyDictionary<string, string> Columns { get; init; }

    /// <summary>By which columns, as they are called here, the form is known.</summary>
    public required IReadOnlyList<string> Marks { get; init; }

    /// <summary>How many lines may stand before the names of the columns.</summary>
    public int PrefaceLinesMax { get; init; }

    /// <summary>What an entry says.</summary>
    public required Func<CsvLine, RawEntry> Entry { get; init; }

    /// <summary>The folder of an entry as its path, or null for the default board.</summary>
    public Func<CsvLine, IReadOnlyList<string>?> Folder { get; init; } = _ => null;

    /// <summary>
    /// Folders are made by a person, and an entry in two of them is two; else they say how far somebody has read, and
    /// an entry that went from one to the other stays the same.
    /// </summary>
    public bool HasFolders { get; init; }

    /// <summary>
    /// Columns that hold nothing in a file are said by name too: its writers differ in what they fill.
    /// </summary>
    public bool SaysEmpty { get; init; }

    /// <summary>Whether these are the names of its columns.</summary>
    public bool IsHeader(IReadOnlyList<string> fields)
    {
        var known = fields.Select(NameOf).OfType<string>().ToHashSet();
        return Marks.All(known.Contains);
    }

    /// <summary>What the column of that name in the file is called here; null if it is not used.</summary>
    public string? NameOf(string field) => Columns.GetValueOrDefault(Text.OneLine(field).ToLowerInvariant());

    /// <summary>Columns that are called as in the file.</summary>
    public static IReadOnlyDictionary<string, string> AsNamed(params string[] names) =>
        names.ToDictionary(name => name);
}

/// <summary>A line of a CSV file: its values by the names of their columns.</summary>
/// <param name="Values">Those of columns that are used and not empty.</param>
sealed record CsvLine(IReadOnlyDictionary<string, string> Values)
{
    public string? this[string column] => Values.GetValueOrDefault(column);
}
