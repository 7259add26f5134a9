using Pinfold.Sharding;

namespace Pinfold.Pinboard.Search.Words;

/// <summary>
/// A tag: one word, as it stands behind a #. "Summer Days" and "summer-days" are one, and so are "Küche" and "kuche":
/// they have one key.
/// </summary>
/// <param name="Name">As shown: lower case, its words joined by dashes.</param>
/// <param name="Key">As compared: without accents, too.</param>
readonly record struct TagName(string Name, string Key)
{
    public const int LengthMax = 50;
    public const int OfOnePinMax = 20;

    /// <summary>What somebody wrote as a tag, or null if it is none: too long, or without letters and digits.</summary>
    public static TagName? Find(string? written)
    {
        var line = Text.OneLine(written).TrimStart('#');
        var words = WordSplitter.Split(line);
        if (words.Count == 0 || line.Length > LengthMax)
            return null;
        var parts = Merge(words).Select(w => line.Substring(w.Start, w.Length)).ToList();
        var name = string.Join('-', parts.Select(p => CanonicalForm.Compose(p.ToLowerInvariant())));
        return new TagName(name, string.Join('-', parts.Select(WordFolding.Fold)));
    }

    /// <summary>The tags of a field, separated by commas, blanks or #.</summary>
    /// <exception cref="PinfoldException">Invalid: one of them is none, or there are too many.</exception>
    public static IReadOnlyList<string> ParseList(string? field)
    {
        var written = (field ?? "").Split([',', ';', '#', '\n', '\r', ' ', '\t', '\u3001', '\uff0c'],
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var names = written.Select(Checked).DistinctBy(tag => tag.Key).Select(tag => tag.Name).ToList();
        return names.Count <= OfOnePinMax ? names : throw new PinfoldException(
            ErrorKind.LimitExceeded, $"A pin has at most {OfOnePinMax} tags; these are {names.Count}.");
    }

    /// <exception cref="PinfoldException">Invalid: it says what a tag is.</exception>
    public static TagName Checked(string written) => written.Length > LengthMax
        ? throw new PinfoldException(
            ErrorKind.Invalid, $"A tag has at most {LengthMax} characters; this has {written.Length}.")
        : Find(written) ?? throw new PinfoldException(
            ErrorKind.Invalid, "A tag is a word of letters or digits, such as kitchen or summer-2026.");

    /// <summary>Pairs of ideographs overlap: a run of them is one part of a tag.</summary>
    static IEnumerable<(int Start, int Length)> Merge(IReadOnlyList<Word> words)
    {
        var (start, end) = (words[0].Start, words[0].Start + words[0].Length);
        foreach (var word in words.Skip(1))
        {
            if (word.Start > end || !word.IsIdeographic)
            {
                if (word.Start >= end)
                {
                    yield return (start, end - start);
                    start = word.Start;
                }
            }
            end = word.Start + word.Length;
        }
        yield return (start, end - start);
    }
}
