using System.Text;

namespace Pinfold.Pinboard.Web;

/// <summary>
/// A path on this site to go on to, as a header may carry it; everything else would let a link lead away.
/// </summary>
static class LocalPath
{
    /// <summary>The most characters of one, encoded: a header of this length passes every proxy.</summary>
    public const int LengthMax = 2048;

    /// <summary>
    /// The path in ASCII, what else it holds percent-encoded; null for what is no path on this site: another host, a
    /// way up ("/.."), control characters in whatever form, what is too long.
    /// </summary>
    public static string? Of(string? path)
    {
        if (string.IsNullOrEmpty(path) || path[0] != '/' || path is ['/', '/', ..] || path.Length > LengthMax
            || path.Any(c => c == '\\' || char.IsControl(c)) || HasEncodedControl(path) || HasDotSegment(path))
            return null;
        var encoded = new StringBuilder(path.Length);
        Span<byte> bytes = stackalloc byte[4];
        for (var i = 0; i < path.Length;)
        {
            // Of a surrogate that stands alone the rune is U+FFFD.
            Rune.DecodeFromUtf16(path.AsSpan(i), out var rune, out var length);
            if (IsKept(path, i))
                encoded.Append(path[i]);
            else
                foreach (var b in bytes[..rune.EncodeToUtf8(bytes)])
                    encoded.Append('%').Append(b.ToString("X2"));
            i += length;
        }
        return encoded.Length <= LengthMax ? encoded.ToString() : null;
    }

    /// <summary>What an address is written with (RFC 3986): itself, and bytes that are encoded already.</summary>
    static bool IsKept(string path, int i) =>
        path[i] == '%' ? EncodedByte(path, i) is not null
            : char.IsAsciiLetterOrDigit(path[i]) || "/?#-._~!$&'()*+,;=:@".Contains(path[i], StringComparison.Ordinal);

    static bool HasEncodedControl(string path) =>
        Enumerable.Range(0, path.Length).Any(i => path[i] == '%' && EncodedByte(path, i) is < 0x20 or 0x7F);

    static bool HasDotSegment(string path) =>
        path.Split('?', '#')[0].Replace("%2e", ".", StringComparison.OrdinalIgnoreCase).Split('/')
            .Any(segment => segment is "." or "..");

    static int? EncodedByte(string path, int i) =>
        i + 2 < path.Length && char.IsAsciiHexDigit(path[i + 1]) && char.IsAsciiHexDigit(path[i + 2])
            ? Convert.ToInt32(path.Substring(i + 1, 2), 16) : null;
}
