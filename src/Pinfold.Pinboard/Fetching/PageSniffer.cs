using System.Text;

namespace Pinfold.Pinboard.Fetching;

/// <summary>Tells whether what came is a web page, where a site does not say so.</summary>
/// <remarks>MIME Sniffing standard, the patterns of text/html; an XML declaration before them is passed over.</remarks>
internal static class PageSniffer
{
    /// <summary>So many bytes from the start suffice.</summary>
    public const int BytesMax = 1024;

    static readonly string[] Tags =
    [
        "!doctype html", "html", "head", "script", "iframe", "h1", "div", "font", "table", "a", "style", "title", "b",
        "body", "br", "p", "meta", "link",
    ];

    public static bool IsPage(string? mediaType, ReadOnlySpan<byte> start) => mediaType switch
    {
        "text/html" or "application/xhtml+xml" => true,
        null or "text/plain" or "application/octet-stream" or "application/xml" or "text/xml" => LooksLikeHtml(start),
        _ => false,
    };

    static bool LooksLikeHtml(ReadOnlySpan<byte> start)
    {
        var text = Encoding.Latin1.GetString(start[..Math.Min(start.Length, BytesMax)]).AsSpan();
        if (text.StartsWith("\u00EF\u00BB\u00BF"))
            text = text[3..];
        for (text = text.TrimStart(); text.StartsWith("<?xml") || text.StartsWith("<!--"); text = text.TrimStart())
        {
            var end = text.IndexOf(text[1] == '?' ? "?>" : "-->");
            if (end < 0)
                return text[1] == '!';
            text = text[(end + (text[1] == '?' ? 2 : 3))..];
        }

        foreach (var tag in Tags)
        {
            if (text.Length > tag.Length + 1 && text[0] == '<'
                && text[1..].StartsWith(tag, StringComparison.OrdinalIgnoreCase)
                && (text[tag.Length + 1] == '>' || char.IsWhiteSpace(text[tag.Length + 1])))
                return true;
        }

        return false;
    }
}
