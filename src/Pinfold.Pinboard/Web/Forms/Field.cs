namespace Pinfold.Pinboard.Web.Forms;

/// <summary>One labelled input, drawn by <c>Shared/_Field.cshtml</c>.</summary>
internal sealed record Field(string Name, string Label)
{
    public string Type { get; init; } = "text";
    public string? Value { get; init; }
    public string? Error { get; init; }
    public string? Hint { get; init; }
    public string? Autocomplete { get; init; }

    /// <summary>Where a script asks for words that begin as what is typed; null for nowhere.</summary>
    public string? Suggests { get; init; }
    public string? Placeholder { get; init; }
    public int? CharsMin { get; init; }
    public int? CharsMax { get; init; }
    public int Rows { get; init; }
    public bool Required { get; init; }
    public bool Focused { get; init; }

    /// <summary>To be copied, not changed.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Whether the browser may capitalise and correct what is typed; not in names and addresses.</summary>
    public bool Verbatim { get; init; }
}
