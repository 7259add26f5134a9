namespace Pinfold.Pinboard.Import.Archives;

/// <summary>
/// How much a name looks like Japanese in Shift-JIS. In a name in CP437 each "ö" or "é" and the letter after it are
/// such a character too, but alone among letters; of Japanese there are words. (JIS X 0208: rows 4 and 5 are kana, 16
/// to 47 the common kanji.)
/// </summary>
static class ShiftJisName
{
    enum Kind
    {
        Letter,
        Other,
        Kana,
        Kanji,
        HalfKana,

        /// <summary>A rare character, or one that is no part of a word.</summary>
        Odd,
    }

    /// <summary>One for each character of a word, less one for each that is odd; null if it is no Shift-JIS.</summary>
    public static int? Score(byte[] name)
    {
        if (KindsOf(name) is not { } kinds)
            return null;
        var score = -kinds.Count(kind => kind == Kind.Odd) - LonelyHalves(kinds);
        for (var at = 0; at < kinds.Count; at++)
        {
            var begin = at;
            while (at < kinds.Count && IsOfWord(kinds[at]))
                at++;
            if (at > begin)
                score += ScoreOf(kinds, begin, at);
        }
        return score;
    }

    static int ScoreOf(List<Kind> kinds, int begin, int end)
    {
        var isAmongLetters = (begin > 0 && kinds[begin - 1] == Kind.Letter)
            || (end < kinds.Count && kinds[end] == Kind.Letter);
        var isWord = isAmongLetters
            ? kinds[begin..end].Count(kind => kind == Kind.Kana) > 2
            : end - begin > 1;
        return isWord ? end - begin : isAmongLetters ? begin - end : 0;
    }

    /// <summary>Half-width katakana come in words too; one by one they are accented letters of CP437.</summary>
    static int LonelyHalves(List<Kind> kinds) => kinds.Where((kind, at) => kind == Kind.HalfKana
        && kinds.ElementAtOrDefault(at - 1) != Kind.HalfKana
        && kinds.ElementAtOrDefault(at + 1) != Kind.HalfKana).Count();

    static bool IsOfWord(Kind kind) => kind is Kind.Kana or Kind.Kanji;

    static List<Kind>? KindsOf(byte[] name)
    {
        var kinds = new List<Kind>();
        for (var at = 0; at < name.Length;)
        {
            if (Next(name, at) is not { } next)
                return null;
            kinds.Add(next.Kind);
            at += next.Length;
        }
        return kinds;
    }

    static (Kind Kind, int Length)? Next(byte[] name, int at)
    {
        var lead = name[at];
        if (lead < 0x80)
            return (char.IsAsciiLetter((char)lead) ? Kind.Letter : Kind.Other, 1);
        if (lead is >= 0xA1 and <= 0xDF)
            return (Kind.HalfKana, 1);
        if (lead is 0x80 or 0xA0 or > 0xFC || at + 1 == name.Length
            || name[at + 1] is not ((>= 0x40 and <= 0x7E) or (>= 0x80 and <= 0xFC)))
            return null;
        return (KindOf((lead << 8) | name[at + 1]), 2);
    }

    static Kind KindOf(int character) => character switch
    {
        (>= 0x829F and <= 0x82F1) or (>= 0x8340 and <= 0x8396) or 0x815B => Kind.Kana,
        (>= 0x889F and <= 0x9872) or 0x8158 => Kind.Kanji,
        >= 0x8140 and <= 0x81AC => Kind.Other,
        >= 0x824F and <= 0x829A => Kind.Other,
        _ => Kind.Odd,
    };
}
