using System.Text;
using System.Text.RegularExpressions;
using Pinfold.Pinboard.Encodings;

namespace Pinfold.Pinboard.Import.Syntax;

/// <summary>
/// Finds out how a text file is encoded: by byte order mark, by what it declares, else UTF-8 if it can be.
/// </summary>
static partial class SourceText
{
    /// <summary>From its beginning; the stream is left open.</summary>
    public static async Task<StreamReader> OpenAsync(Stream source, CancellationToken cancellation)
    {
        var encoding = EncodingOf(await SourceHead.ReadAsync(source, cancellation));
        return new StreamReader(source, encoding, detectEncodingFromByteOrderMarks: true, 32 * 1024, leaveOpen: true);
    }

    public static Encoding EncodingOf(SourceHead head)
    {
        if (ByteOrderMark(head.Bytes.Span) is { } marked)
            return marked;
        var start = Encoding.Latin1.GetString(head.Bytes.Span[..Math.Min(head.Bytes.Length, 4096)]);
        return EncodingLabels.FindDeclared(Charset().Match(start).Groups[1].Value)
            ?? (IsUtf8(head.Bytes.Span) ? Encoding.UTF8 : EncodingLabels.Find("windows-1252")!);
    }

    /// <summary>The encoding that the first two or three bytes announce, or null.</summary>
    public static Encoding? ByteOrderMark(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xEF, 0xBB, 0xBF, ..] => Encoding.UTF8,
        [0xFF, 0xFE, ..] => Encoding.Unicode,
        [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode,
        _ => null,
    };

    /// <summary>In HTML's meta element, or at the beginning of XML.</summary>
    [GeneratedRegex(
        """(?:<meta[^>]{0,200}charset|^\s{0,99}<\?xml[^>]{0,100}encoding)"""
        + """\s{0,9}=\s{0,9}["']?\s{0,9}([a-z0-9_:.-]{1,40})""",
        RegexOptions.IgnoreCase)]
    private static partial Regex Charset();

    static bool IsUtf8(ReadOnlySpan<byte> bytes)
    {
        // A character may be cut in two where the head ends: up to three bytes of it.
        for (var cut = 0; cut < 4 && cut <= bytes.Length; cut++)
            if (System.Text.Unicode.Utf8.IsValid(bytes[..^cut]))
                return true;
        return false;
    }
}
