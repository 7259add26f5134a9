using System.Text;
using Pinfold.Pinboard.Encodings;

namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// Finds the encoding of a page as browsers do: byte order mark, HTTP header, what its first bytes say, then UTF-8 if
/// it is that, else windows-1252. The last two are changed by a meta element further down.
/// </summary>
/// <remarks>HTML standard, "determining the character encoding".</remarks>
internal static class PageCharset
{
    static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>The encoding, and whether it holds whatever a meta element says.</summary>
    public static (Encoding Encoding, bool IsCertain) Find(ReadOnlySpan<byte> page, string? httpCharset) =>
        OfMark(page) is { } marked ? (marked, true)
        : EncodingLabels.Find(httpCharset) is { } told ? (told, true)
        : MetaPrescan.Utf16(page) is { } wide ? (wide, true)
        : (MetaPrescan.Find(page) ?? Guess(page), false);

    public static string Decode(ReadOnlySpan<byte> page, Encoding encoding) =>
        encoding.GetString(page).TrimStart('\uFEFF');

    static Encoding? OfMark(ReadOnlySpan<byte> page) => page switch
    {
        [0xEF, 0xBB, 0xBF, ..] => Encoding.UTF8,
        [0xFF, 0xFE, ..] => Encoding.Unicode,
        [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode,
        _ => null,
    };

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
}
