using System.Text;
using Pinfold.Pinboard.Encodings;

namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// Finds what the first bytes of a page say of its encoding, before anything is decoded: a meta element, else an XML
/// declaration. A late meta element is found by who reads the page.
/// </summary>
/// <remarks>HTML standard, "prescan a byte stream to determine its encoding".</remarks>
internal static class MetaPrescan
{
    const int BytesMax = 1024;
    const string Blanks = " \t\n\f\r";

    /// <summary>What a meta element says, else an XML declaration; null when neither says anything known.</summary>
    public static Encoding? Find(ReadOnlySpan<byte> page)
    {
        // Latin-1 gives each byte its own character, and what counts here is ASCII.
        var start = Encoding.Latin1.GetString(page[..Math.Min(page.Length, BytesMax)]);
        return OfMeta(start) ?? EncodingLabels.FindDeclared(OfXmlDeclaration(start));
    }

    /// <summary>Of an XML declaration in UTF-16 without a mark; null when there is none.</summary>
    public static Encoding? Utf16(ReadOnlySpan<byte> page) =>
        page.StartsWith("<\0?\0x\0"u8) ? Encoding.Unicode
        : page.StartsWith("\0<\0?\0x"u8) ? Encoding.BigEndianUnicode
        : null;

    /// <summary>Of <c>text/html; charset=koi8-r</c> the label; null when there is none.</summary>
    public static string? Label(string content)
    {
        for (var at = 0; (at = content.IndexOf("charset", at, StringComparison.OrdinalIgnoreCase)) >= 0;)
        {
            at += "charset".Length;
            var rest = content.AsSpan(at).TrimStart(Blanks);
            if (!rest.StartsWith("="))
                continue;
            rest = rest[1..].TrimStart(Blanks);
            if (rest.IsEmpty)
                return null;
            if (rest[0] is not ('"' or '\''))
                return rest.IndexOfAny("; \t\n\f\r") is var end and >= 0 ? rest[..end].ToString() : rest.ToString();
            return rest[1..].IndexOf(rest[0]) is var close and >= 0 ? rest.Slice(1, close).ToString() : null;
        }

        return null;
    }

    static Encoding? OfMeta(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var rest = text.AsSpan(at);
            if (rest.StartsWith("<!--"))
            {
                // The two dashes of the beginning may be those of the end: <!-->.
                var end = rest[2..].IndexOf("-->");
                if (end < 0)
                    return null;
                at += 2 + end + 2;
            }
            else if (IsMeta(rest))
            {
                at += "<meta".Length;
                if (OfAttributes(text, ref at) is { } encoding)
                    return encoding;
            }
            else if (IsTag(rest))
            {
                while (at < text.Length && text[at] != '>' && !Blanks.Contains(text[at]))
                    at++;
                while (Attribute(text, ref at) is not null)
                {
                }
            }
            else if (rest.StartsWith("<!") || rest.StartsWith("</") || rest.StartsWith("<?"))
            {
                var end = rest.IndexOf('>');
                if (end < 0)
                    return null;
                at += end;
            }
        }

        return null;
    }

    static bool IsMeta(ReadOnlySpan<char> text) =>
        text.Length > 5 && text.StartsWith("<meta", StringComparison.OrdinalIgnoreCase)
        && text[5] is ' ' or '\t' or '\n' or '\f' or '\r' or '/';

    static bool IsTag(ReadOnlySpan<char> text) => text is ['<', var letter, ..] && char.IsAsciiLetter(letter)
        || text is ['<', '/', var closing, ..] && char.IsAsciiLetter(closing);

    static Encoding? OfAttributes(string text, ref int at)
    {
        var seen = new HashSet<string>();
        var (isContentType, label) = (false, (string?)null);
        bool? needsContentType = null;
        while (Attribute(text, ref at) is var (name, value))
        {
            if (!seen.Add(name))
                continue;
            if (name == "http-equiv")
                isContentType |= value == "content-type";
            else if (name == "content" && label is null && Label(value) is { } found)
                (label, needsContentType) = (found, true);
            else if (name == "charset")
                (label, needsContentType) = (value, false);
        }

        return needsContentType is null || (needsContentType.Value && !isContentType)
            ? null
            : EncodingLabels.FindDeclared(label);
    }

    /// <summary>The standard's "get an attribute"; null at the end of the tag, or of what is read.</summary>
    static (string Name, string Value)? Attribute(string text, ref int at)
    {
        while (at < text.Length && (Blanks.Contains(text[at]) || text[at] == '/'))
            at++;
        if (at >= text.Length || text[at] == '>')
            return null;
        var start = at++;
        while (at < text.Length && !(Blanks + "=/>").Contains(text[at]))
            at++;
        var name = text[start..at].ToLowerInvariant();
        var value = at;
        while (value < text.Length && Blanks.Contains(text[value]))
            value++;
        if (value >= text.Length || text[value] != '=')
            return (name, "");
        at = value + 1;
        while (at < text.Length && Blanks.Contains(text[at]))
            at++;
        if (at < text.Length && text[at] is '"' or '\'')
        {
            var end = text.IndexOf(text[at], at + 1);
            (start, at) = (at + 1, end < 0 ? text.Length : end + 1);
            return end < 0 ? null : (name, text[start..end].ToLowerInvariant());
        }

        start = at;
        while (at < text.Length && !(Blanks + ">").Contains(text[at]))
            at++;
        return (name, text[start..at].ToLowerInvariant());
    }

    static string? OfXmlDeclaration(string text)
    {
        var end = text.IndexOf('>', StringComparison.Ordinal);
        var at = text.StartsWith("<?xml", StringComparison.Ordinal) && end > 0
            ? text.IndexOf("encoding", 0, end, StringComparison.Ordinal)
            : -1;
        if (at < 0)
            return null;
        var rest = text.AsSpan(at + "encoding".Length).TrimStart(Blanks);
        if (!rest.StartsWith("="))
            return null;
        rest = rest[1..].TrimStart(Blanks);
        if (rest.IsEmpty || rest[0] is not ('"' or '\''))
            return null;
        var close = rest[1..].IndexOf(rest[0]);
        return close < 0 ? null : rest.Slice(1, close).ToString();
    }
}
