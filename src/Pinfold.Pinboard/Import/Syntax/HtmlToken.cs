namespace Pinfold.Pinboard.Import.Syntax;

/// <summary>A piece of an HTML file.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Name">A tag's name in lower case; empty for the others.</param>
/// <param name="Text">A text with its entities resolved; empty for the others.</param>
/// <param name="Attributes">
/// Those of a start tag that were asked for, the first of each name; entities resolved.
/// </param>
/// <param name="Line">1-based, where it begins.</param>
readonly record struct HtmlToken(
    HtmlTokenKind Kind, string Name, string Text, IReadOnlyList<KeyValuePair<string, string>> Attributes, long Line)
{
    /// <summary>A tag as it is written, should it turn out to be text; cut where it is long.</summary>
    public string Raw { get; init; } = "";

    /// <summary>A tag with nothing but blanks before it in its line.</summary>
    public bool IsLineStart { get; init; }

    /// <summary>The attribute's value, empty if it has none, null if it is not there.</summary>
    public string? this[string attribute]
    {
        get
        {
            foreach (var (name, value) in Attributes)
                if (name == attribute)
                    return value;
            return null;
        }
    }

    public bool IsStart(string name) => Kind == HtmlTokenKind.Start && Name == name;

    public bool IsEnd(string name) => Kind == HtmlTokenKind.End && Name == name;
}

enum HtmlTokenKind
{
    Text,
    Start,
    End,

    /// <summary>The file ended within a tag or a comment; an <see cref="EndOfFile"/> follows.</summary>
    CutOff,

    EndOfFile,
}
