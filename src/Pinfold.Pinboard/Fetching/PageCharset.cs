using System.Text;
using System.Text.RegularExpressions;

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
        var encoding = Find(httpCharset) ?? Declared(page) ?? Guess(page);
        return encoding.GetString(page);
    }

    static Encoding? Declared(ReadOnlySpan<byte> page)
    {
        var start = Encoding.Latin1.GetString(page[..Math.Min(page.Length, PrescanBytes)]);
        var found = MetaCharset().Match(start);

        // That the declaration could be read as ASCII rules UTF-16 out; the standard takes UTF-8 then.
        return !found.Success ? null
            : found.Groups[1].Value.StartsWith("utf-16", StringComparison.OrdinalIgnoreCase) ? Encoding.UTF8
            : Find(found.Groups[1].Value);
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
            return Find("windows-1252")!;
        }
    }

    // Labels as in the WHATWG Encoding standard, where the older names mean their later supersets.
    static Encoding? Find(string? label)
    {
        var name = label?.Trim().ToLowerInvariant() switch
        {
            null or "" or "utf-7" => null,
            "utf8" or "unicode-1-1-utf-8" => "utf-8",
            "iso-8859-1" or "iso8859-1" or "latin1" or "l1" or "ascii" or "us-ascii" or "cp1252" => "windows-1252",
            "iso-8859-9" or "latin5" => "windows-1254",
            "iso-8859-11" or "tis-620" => "windows-874",
            "gb2312" or "gbk" or "x-gbk" => "gb18030",
            "x-sjis" or "sjis" or "windows-31j" or "ms_kanji" => "shift_jis",
            "ks_c_5601-1987" => "euc-kr",
            var other => other,
        };
        if (name is null)
            return null;
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    [GeneratedRegex("""<meta[^>]{0,500}?charset\s*=\s*["']?\s*([a-z0-9_:.\-]{1,40})""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex MetaCharset();
}
