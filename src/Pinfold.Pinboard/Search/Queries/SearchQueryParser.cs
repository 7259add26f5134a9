using Pinfold.Pinboard.Search.Words;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Search.Queries;

/// <summary>
/// Reads what was typed: <c>#tag</c>, <c>@name</c>, <c>"a phrase"</c>, <c>-word</c>, <c>-"a phrase"</c>, <c>-#tag</c>,
/// <c>board:name</c>, <c>board:"a name"</c>, and words. All other signs separate words.
/// </summary>
static class SearchQueryParser
{
    public const int LengthMax = 500;
    public const int WordsMax = 48;

    const string Board = "board:";
    const string Quotes = "\"\u201c\u201d\u201e\u00ab\u00bb";

    /// <exception cref="PinfoldException">
    /// Invalid: there is nothing to look for in it; it says what would be right. Nothing typed is no error.
    /// </exception>
    public static SearchQuery Parse(string? typed)
    {
        var text = (typed ?? "").Trim();
        if (text.Length > LengthMax)
            throw new PinfoldException(ErrorKind.Invalid,
                $"A search has at most {LengthMax} characters; this has {text.Length}. A few words find more.");
        var parts = new Parts();
        for (var at = 0; at < text.Length;)
            at = char.IsWhiteSpace(text[at]) ? at + 1 : ReadPart(text, at, parts);
        var query = parts.ToQuery();
        if (text.Length > 0 && query.IsEmpty)
            throw new PinfoldException(ErrorKind.Invalid, parts.Excluded.Count + parts.ExcludedTags.Count > 0
                ? "This says only what you do not look for: add a word that you do."
                : "There is no word in this: type letters or digits.");
        return query;
    }

    /// <summary>Gives where the next part begins.</summary>
    static int ReadPart(string text, int at, Parts parts)
    {
        var isExcluded = text[at] == '-' && at + 1 < text.Length && !char.IsWhiteSpace(text[at + 1]);
        if (isExcluded)
            at++;
        if (text.AsSpan(at).StartsWith(Board, StringComparison.OrdinalIgnoreCase) && !isExcluded)
        {
            var (name, end) = ReadValue(text, at + Board.Length);
            parts.Board.AddRange(WordSplitter.Split(name));
            return end;
        }
        var (value, next) = ReadValue(text, at);
        if (Quotes.Contains(text[at]))
            parts.AddPhrase(WordSplitter.Split(value), isExcluded);
        else if (value[0] == '#')
            parts.AddTag(value, isExcluded);
        else if (value[0] == '@' && value.Length > 1 && !isExcluded)
            parts.Username ??= value[1..];
        else
            parts.AddWords(WordSplitter.Split(value), isExcluded);
        return next;
    }

    /// <summary>What stands between quotes, or up to the next blank.</summary>
    static (string Value, int End) ReadValue(string text, int at)
    {
        if (at < text.Length && Quotes.Contains(text[at]))
        {
            var close = text.AsSpan(at + 1).IndexOfAny(Quotes);
            return close < 0 ? (text[(at + 1)..], text.Length) : (text.Substring(at + 1, close), at + close + 2);
        }
        var end = at;
        while (end < text.Length && !char.IsWhiteSpace(text[end]))
            end++;
        return (text[at..end], end);
    }

    sealed class Parts
    {
        readonly List<Word> _words = [];
        readonly List<IReadOnlyList<Word>> _phrases = [];
        readonly List<string> _tags = [];

        public List<Word> Board { get; } = [];

        public List<IReadOnlyList<Word>> Excluded { get; } = [];

        public List<string> ExcludedTags { get; } = [];

        public string? Username { get; set; }

        bool _isLastOpen;

        public void AddWords(IReadOnlyList<Word> words, bool isExcluded)
        {
            if (isExcluded && words.Count > 0)
                Excluded.Add(words);
            else if (!isExcluded)
                _words.AddRange(words);
            _isLastOpen = !isExcluded && words.Count > 0;
        }

        public void AddPhrase(IReadOnlyList<Word> words, bool isExcluded)
        {
            if (words.Count > 0)
                (isExcluded ? Excluded : _phrases).Add(words);
            _isLastOpen = false;
        }

        public void AddTag(string written, bool isExcluded)
        {
            if (TagName.Find(written) is { } tag)
                (isExcluded ? ExcludedTags : _tags).Add(tag.Key);
            _isLastOpen = false;
        }

        public SearchQuery ToQuery()
        {
            var saying = _words.Where(w => !StopWords.Has(w.Form)).ToList();
            return new SearchQuery
            {
                Words = [.. (saying.Count > 0 ? saying : _words).DistinctBy(w => w.Form).Take(WordsMax)],
                Phrases = [.. _phrases.Take(WordsMax)],
                Excluded = [.. Excluded.Take(WordsMax)],
                Tags = [.. _tags.Distinct().Take(WordsMax)],
                ExcludedTags = [.. ExcludedTags.Distinct().Take(WordsMax)],
                Username = Username,
                Board = [.. Board.Take(WordsMax)],
                IsLastWordOpen = _isLastOpen && saying.Count > 0 && saying[^1] == _words[^1]
                    && saying.DistinctBy(w => w.Form).Last().Form == saying[^1].Form,
            };
        }
    }
}
