using System.Text;
using System.Text.RegularExpressions;
using Pinfold.Pinboard.Encodings;

namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// Decodes a page as browsers do (WHATWG HTML, "determining the character encoding"): byte order mark, then the HTTP
/// header, then a meta element near the top, then UTF-8 if it is that, else windows-1252.
/// </summary>
internal static partial class PageCharset
{
    const int PrescanBytes = 4096;

    static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    public static string Decode(ReadOnlySpan<byte> page, string? httpCharset)
    {
        if (page is [0xEF, 0xBB, 0xBF, ..])
            return Encoding.UTF8.GetString(page[3..]);
        if (page is [0xFF, 0xFE, ..])
            return Encoding.Unicode.GetString(page[2..]);
        if (page is [0xFE, 0xFF, ..])
            return Encoding.BigEndianUnicode.GetString(page[2..]);
        var encoding = EncodingLabels.Find(httpCharset) ?? Declared(page) ?? Guess(page);
        return encoding.GetString(page);
    }

    static Encoding? Declared(ReadOnlySpan<byte> page)
    {
        var start = Encoding.Latin1.GetString(page[..Math.Min(page.Length, PrescanBytes)]);
        var found = MetaCharset().Match(start);
        return found.Success ? EncodingLabels.FindDeclared(found.Groups[1].Value) : null;
    }

    static Encoding Guess(ReadOnlySpan<byte> page)
    {
        // A page that was read only in part may end inside a character: the last three bytes prove nothing.
        var certain = page.Length > 3 ? page[..^3] : page;
        while (certain.Length > 0 && page.Length > certain.Length && (page[certain.Length] & 0xC0) == 0x80)
            certain = certain[..^1];
        try
        {
            _ = StrictUtf8.GetCharCount(certain);
            return Encoding.UTF8;
        }
        catch (DecoderFallbackException)
        {
            return EncodingLabels.Find("windows-1252")!;
        }
    }

    [GeneratedRegex("""<meta[^>]{0,500}?charset\s*=\s*["']?\s*([a-z0-9_:.\-]{1,40})""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex MetaCharset();
}
