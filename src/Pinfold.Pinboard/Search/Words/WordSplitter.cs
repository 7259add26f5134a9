using System.Globalization;
using System.Text;

namespace Pinfold.Pinboard.Search.Words;

/// <summary>
/// Splits a text into words: runs of letters and digits. Where no blanks are written (Chinese, Japanese, Korean) each
/// two neighbours are a word. The one place that says what a word is, for what is looked for and where it is found.
/// </summary>
static class WordSplitter
{
    public static IReadOnlyList<Word> Split(string text)
    {
        var words = new List<Word>();
        var (start, end) = (-1, -1);
        for (var at = 0; at < text.Length;)
        {
            Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length);
            if (IsIdeographic(rune.Value))
            {
                Close(words, text, ref start, end);
                at = SplitIdeographic(text, at, words);
                continue;
            }
            if (Rune.IsLetterOrDigit(rune) || IsNumber(rune))
            {
                start = start < 0 ? at : start;
                end = at + length;
            }
            else if (start >= 0 && !IsWithinWord(rune, text, at + length))
                Close(words, text, ref start, end);
            at += length;
        }
        Close(words, text, ref start, end);
        return words;
    }

    static void Close(List<Word> words, string text, ref int start, int end)
    {
        if (start >= 0 && FormOf(text.AsSpan(start, end - start)) is { Length: > 0 } form)
            words.Add(new Word(form, start, end - start, IsIdeographic: false));
        start = -1;
    }

    static string FormOf(ReadOnlySpan<char> written)
    {
        var letters = new StringBuilder(written.Length);
        foreach (var rune in written.EnumerateRunes())
            if (!IsApostrophe(rune) && Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format)
                letters.Append(rune);
        // "the cat's" is of the cat.
        if (written.Length > 2 && written[^1] is 's' or 'S' && IsApostrophe(new Rune(written[^2])))
            letters.Length--;
        var form = WordFolding.Fold(letters.ToString());
        return form.Length <= Word.LengthMax ? form : form[..CutAt(form)];
    }

    static int CutAt(string form) => char.IsHighSurrogate(form[Word.LengthMax - 1])
        ? Word.LengthMax - 1 : Word.LengthMax;

    /// <summary>Gives where the run ends.</summary>
    static int SplitIdeographic(string text, int at, List<Word> words)
    {
        var run = new List<(int At, int Length)>();
        while (at < text.Length)
        {
            Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length);
            if (!IsIdeographic(rune.Value))
                break;
            run.Add((at, length));
            at += length;
        }
        if (run.Count == 1)
            words.Add(new Word(text.Substring(run[0].At, run[0].Length), run[0].At, run[0].Length, true));
        for (var i = 0; i + 1 < run.Count; i++)
        {
            var length = run[i].Length + run[i + 1].Length;
            words.Add(new Word(CanonicalForm.Compose(text.Substring(run[i].At, length)), run[i].At, length, true));
        }
        return at;
    }

    /// <summary>Accents, joiners and what cannot be seen; and an apostrophe that a letter follows.</summary>
    static bool IsWithinWord(Rune rune, string text, int next) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.Format => true,
        _ => IsApostrophe(rune) && Rune.DecodeFromUtf16(text.AsSpan(next), out var following, out _)
            == System.Buffers.OperationStatus.Done && Rune.IsLetter(following),
    };

    static bool IsApostrophe(Rune rune) => rune.Value is '\'' or '\u2019';

    static bool IsNumber(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    static bool IsIdeographic(int character) => character is (>= 0x3040 and <= 0x30FF) or (>= 0x31F0 and <= 0x31FF)
        or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xAC00 and <= 0xD7AF)
        or (>= 0x1100 and <= 0x11FF) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFF66 and <= 0xFF9F)
        or (>= 0x20000 and <= 0x3FFFF) or 0x3005;
}
