using Pinfold.Pinboard.Search.Words;

namespace Pinfold.Pinboard.Search;

/// <summary>A text as an index has it: words, with a blank between two.</summary>
static class IndexedText
{
    /// <summary>Stands between a title and what follows, so that no phrase goes across; no word is like it.</summary>
    const string Gap = "\u2016";

    public static string WordsOf(params IReadOnlyList<string?> texts) => string.Join(
        $" {Gap} ", texts.Select(t => Join(Split(t).Select(w => w.Form))).Where(t => t.Length > 0));

    public static string StemsOf(params IReadOnlyList<string?> texts) =>
        Join(texts.SelectMany(Split).SelectMany(WordStems.Of));

    static IReadOnlyList<Word> Split(string? text) => text is null ? [] : WordSplitter.Split(text);

    static string Join(IEnumerable<string> words) => string.Join(' ', words);
}
