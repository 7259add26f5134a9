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

    /// <summary>White space runs become one blank, control characters go.</summary>
    public static string OneLine(string? text) =>
        string.Join(
            ' ', Clean(text ?? "", keepLines: false).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

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
        if (!text.Any(c => char.IsControl(c) || char.IsSurrogate(c)))
            return text;
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            if (!Rune.IsControl(rune) || (keepLines && rune.Value == '\n'))
                clean.Append(rune);
            else if (rune.Value is '\n' or '\r' or '\t')
                clean.Append(' ');
        return clean.ToString();
    }

    static PinfoldException TooLong(string what, int length, int lengthMax) =>
        new(ErrorKind.Invalid, $"{what} has at most {lengthMax} characters; this has {length}.");
}
