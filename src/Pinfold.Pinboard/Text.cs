using System.Globalization;
using System.Text;
using Pinfold.Sharding;

namespace Pinfold.Pinboard;

/// <summary>Text that people type or that an import brings: brought to one form, and measured.</summary>
static class Text
{
    /// <summary>One line: white space runs become one blank, control characters go.</summary>
    /// <exception cref="PinfoldException">Invalid: longer than <paramref name="lengthMax"/> characters.</exception>
    public static string Line(string? text, int lengthMax, string what)
    {
        var line = OneLine(text);
        return line.Length <= lengthMax ? line : throw TooLong(what, line.Length, lengthMax);
    }

    /// <summary>As <see cref="Line"/> with line breaks kept; null when nothing is left.</summary>
    public static string? Paragraph(string? text, int lengthMax, string what)
    {
        var kept = Clean((text ?? "").ReplaceLineEndings("\n"), keepLines: true).Trim();
        if (kept.Length > lengthMax)
            throw TooLong(what, kept.Length, lengthMax);
        return kept.Length == 0 ? null : kept;
    }

    /// <summary>
    /// White space runs become one blank, control characters go; empty when nothing is left that can be seen.
    /// </summary>
    public static string OneLine(string? text)
    {
        var line = string.Join(
            ' ', Clean(text ?? "", keepLines: false).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.EnumerateRunes().Any(IsVisible) ? line : "";
    }

    /// <summary>
    /// In Unicode's composed form (NFC), in which texts are kept and compared: file systems write "é" as two
    /// characters, or as one.
    /// </summary>
    public static string Composed(string text) => CanonicalForm.Compose(text);

    /// <summary>Whether two names are one, in whatever form and case they are written.</summary>
    public static bool IsSameName(string one, string other) =>
        Composed(one).Equals(Composed(other), StringComparison.OrdinalIgnoreCase);

    /// <summary>At most <paramref name="lengthMax"/> characters, cut between characters as people see them.</summary>
    public static string Cut(string text, int lengthMax)
    {
        if (text.Length <= lengthMax)
            return text;
        var cut = new StringBuilder(lengthMax);
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext() && cut.Length + elements.GetTextElement().Length < lengthMax)
            cut.Append(elements.GetTextElement());
        return cut.Append('…').ToString();
    }

    /// <summary>A part of an address: letters, digits and dashes; "board" when nothing is left.</summary>
    public static string Slug(string name)
    {
        var slug = new StringBuilder();
        foreach (var c in name.Normalize(NormalizationForm.FormKD).ToLowerInvariant())
            if (char.IsLetterOrDigit(c))
                slug.Append(c);
            else if (
                slug.Length > 0 && slug[^1] != '-'
                && CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)
                slug.Append('-');
        var text = slug.ToString().Trim('-');
        return text.Length == 0 ? "board" : text.Length > 60 ? text[..60].Trim('-') : text;
    }

    static string Clean(string text, bool keepLines)
    {
        if (Ascii.IsValid(text) && !text.Any(char.IsControl))
            return text;
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            if (!Rune.IsControl(rune) || (keepLines && rune.Value == '\n'))
                clean.Append(rune);
            else if (rune.Value is '\n' or '\r' or '\t')
                clean.Append(' ');
        return Composed(clean.ToString());
    }

    /// <summary>Not a blank, nor one of those that show nothing by themselves.</summary>
    static bool IsVisible(Rune rune) => !Rune.IsWhiteSpace(rune)
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.Control
            or UnicodeCategory.OtherNotAssigned)
        && !IsIgnorable(rune.Value);

    /// <summary>
    /// Unicode's Default_Ignorable_Code_Point where the category does not say it (fillers of Hangul, variation
    /// selectors), and the blank Braille cell.
    /// </summary>
    static bool IsIgnorable(int character) => character is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5
        or (>= 0x180B and <= 0x180F) or 0x2800 or 0x3164 or (>= 0xFE00 and <= 0xFE0F) or 0xFFA0
        or (>= 0xE0100 and <= 0xE01EF);

    static PinfoldException TooLong(string what, int length, int lengthMax) =>
        new(ErrorKind.Invalid, $"{what} has at most {lengthMax} characters; this has {length}.");
}
