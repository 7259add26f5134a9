using System.Text;

namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// Text of strangers, made fit to store: one line, single blanks, no control characters, a limited length.
/// </summary>
internal static class PageText
{
    /// <summary>Null when nothing is left.</summary>
    public static string? Clean(string? text, int charactersMax)
    {
        if (text is null)
            return null;
        var clean = new StringBuilder(Math.Min(text.Length, charactersMax));
        var isBlankDue = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                isBlankDue = clean.Length > 0;
                continue;
            }

            if (Rune.IsControl(rune) || IsInvisible(rune))
                continue;
            if (clean.Length + (isBlankDue ? 1 : 0) + rune.Utf16SequenceLength > charactersMax)
                break;
            if (isBlankDue)
                clean.Append(' ');
            isBlankDue = false;
            clean.Append(rune.ToString());
        }

        return clean.Length == 0 ? null : clean.ToString();
    }

    // Bidirectional overrides and isolates would turn the text that follows in our own page; soft hyphens, word
    // joiners and byte order marks only spoil comparison. (U+200C and U+200D stay: scripts and emoji need them.)
    static bool IsInvisible(Rune rune) => rune.Value is
        0x00AD or 0x200B or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x2069) or 0xFEFF;
}
