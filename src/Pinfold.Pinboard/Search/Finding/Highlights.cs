using Pinfold.Pinboard.Search.Queries;
using Pinfold.Pinboard.Search.Words;

namespace Pinfold.Pinboard.Search.Finding;

/// <summary>
/// Which parts of a text a search is about: found in what is shown, by the same words and stems as the index has.
/// </summary>
sealed class Highlights
{
    readonly HashSet<string> _forms;
    readonly HashSet<string> _stems;
    readonly List<string> _beginnings;

    public Highlights(SearchQuery query)
    {
        var words = query.Words.Concat(query.Phrases.SelectMany(p => p)).ToList();
        _forms = [.. words.Select(w => w.Form)];
        _stems = [.. words.SelectMany(WordStems.Of)];
        _beginnings = query is { IsLastWordOpen: true, Words: [.., { IsIdeographic: false } last] }
            && last.Form.Length >= Ranking.BeginningLengthMin ? [last.Form] : [];
    }

    /// <summary>The text in parts, in order; together they are all of it.</summary>
    public IReadOnlyList<TextPart> In(string text)
    {
        var parts = new List<TextPart>();
        var at = 0;
        foreach (var word in WordSplitter.Split(text).Where(IsMeant))
        {
            var end = word.Start + word.Length;
            if (end <= at)
                continue;
            // Pairs of ideographs overlap, and are one mark.
            if (word.Start <= at && parts is [.., { IsMarked: true } last])
                parts[^1] = last with { Text = last.Text + text[at..end] };
            else
            {
                Add(text[at..word.Start], isMarked: false);
                Add(text[word.Start..end], isMarked: true);
            }
            at = end;
        }
        Add(text[at..], isMarked: false);
        return parts;

        void Add(string part, bool isMarked)
        {
            if (part.Length > 0)
                parts.Add(new TextPart(part, isMarked));
        }
    }

    /// <summary>Some of a longer text around the first place that is meant; null if none is.</summary>
    public IReadOnlyList<TextPart>? Excerpt(string text, int lengthMax)
    {
        if (WordSplitter.Split(text).FirstOrDefault(IsMeant) is not { Length: > 0 } first)
            return null;
        var start = Math.Max(0, first.Start - (lengthMax / 3));
        while (start > 0 && !char.IsWhiteSpace(text[start - 1]))
            start++;
        start = Math.Min(start, first.Start);
        var excerpt = Text.Cut(text[start..], lengthMax);
        return In(start > 0 ? "…" + excerpt : excerpt);
    }

    bool IsMeant(Word word) => _forms.Contains(word.Form)
        || (!word.IsIdeographic && WordStems.Of(word).Any(_stems.Contains))
        || _beginnings.Any(beginning => word.Form.StartsWith(beginning, StringComparison.Ordinal))
        || (!word.IsIdeographic && _forms.Any(form => IsTypo(form, word.Form)));

    /// <summary>One letter more, less, other, or two swapped.</summary>
    static bool IsTypo(string one, string other)
    {
        if (one.Length < Ranking.TypoLengthMin || Math.Abs(one.Length - other.Length) > 1)
            return false;
        var same = 0;
        while (same < Math.Min(one.Length, other.Length) && one[same] == other[same])
            same++;
        return one.AsSpan(same + (one.Length >= other.Length ? 1 : 0)).SequenceEqual(
                other.AsSpan(Math.Min(other.Length, same + (other.Length >= one.Length ? 1 : 0))))
            || (one.Length == other.Length && same + 1 < one.Length && one[same] == other[same + 1]
                && one[same + 1] == other[same]
                && one.AsSpan(same + 2).SequenceEqual(other.AsSpan(same + 2)));
    }
}

/// <summary>A part of a text, and whether it is one that was looked for.</summary>
readonly record struct TextPart(string Text, bool IsMarked);
