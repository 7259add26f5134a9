using Pinfold.Sharding;

namespace Pinfold.Pinboard.Comments;

/// <summary>What a comment may say, and where in it addresses are.</summary>
static class CommentText
{
    /// <summary>No address is longer; the rest of it is text.</summary>
    const int LinkLengthMax = Pin.LinkLengthMax;

    static readonly string[] Schemes = ["http://", "https://"];

    /// <summary>As it is kept: without control characters, and with one empty line at most where there were more.
    /// </summary>
    /// <exception cref="PinfoldException">Invalid: it is too long, or nothing of it can be seen.</exception>
    public static string Checked(string? text)
    {
        // Measured first: whatever is done with a text costs no more than one of this length.
        var typed = (text ?? "").ReplaceLineEndings("\n").Trim();
        var length = typed.EnumerateRunes().Count();
        if (length > Comment.LengthMax)
            throw new PinfoldException(
                ErrorKind.Invalid, $"A comment has at most {Comment.LengthMax:N0} characters; this has {length:N0}.");
        if (Text.OneLine(typed).Length == 0)
            throw new PinfoldException(ErrorKind.Invalid, "Write something first: there is nothing in this to read.");
        var kept = Text.Paragraph(typed, int.MaxValue, "A comment")!;
        while (kept.Contains("\n\n\n", StringComparison.Ordinal))
            kept = kept.Replace("\n\n\n", "\n\n", StringComparison.Ordinal);
        return kept;
    }

    /// <summary>A text in parts: what leads somewhere on the web, and what lies between.</summary>
    public static IReadOnlyList<CommentPart> PartsOf(string text)
    {
        var parts = new List<CommentPart>();
        var from = 0;
        for (var at = NextLink(text, 0); at >= 0; at = NextLink(text, at))
        {
            var length = LinkLength(text.AsSpan(at));
            if (Address(text.Substring(at, length)) is { } href)
            {
                if (at > from)
                    parts.Add(new CommentPart(text[from..at], null));
                parts.Add(new CommentPart(text.Substring(at, length), href));
                from = at + length;
            }
            at += length;
        }
        if (from < text.Length)
            parts.Add(new CommentPart(text[from..], null));
        return parts;
    }

    static int NextLink(string text, int from) => Schemes
        .Select(scheme => text.IndexOf(scheme, from, StringComparison.OrdinalIgnoreCase))
        .Where(at => at >= 0).DefaultIfEmpty(-1).Min();

    /// <summary>Up to a blank or what no address has, without the punctuation of the sentence that it stands in.
    /// </summary>
    static int LinkLength(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && !char.IsWhiteSpace(text[length]) && !char.IsControl(text[length])
            && text[length] is not ('<' or '>' or '"' or '`' or '\\'))
            length++;
        while (length > 0 && IsPunctuation(text[..length]))
            length--;
        return Math.Max(length, 1);
    }

    static bool IsPunctuation(ReadOnlySpan<char> link) => link[^1] switch
    {
        '.' or ',' or ';' or ':' or '!' or '?' or '\'' or '*' or '_' or '’' or '”' or '»' or '…' => true,
        // One that the address has opened itself is of it: .../Moor_(landscape).
        ')' => link.Count(')') > link.Count('('),
        ']' => link.Count(']') > link.Count('['),
        '}' => link.Count('}') > link.Count('{'),
        _ => false,
    };

    /// <summary>Null for what is no address; nor is one with a user name in it, which could pass for a host.</summary>
    static string? Address(string link) =>
        link.Length <= LinkLengthMax && !WebLink.HasCredentials(link)
        && Uri.TryCreate(link, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0
            ? uri.AbsoluteUri : null;
}

/// <summary>A part of a comment; it leads to <paramref name="Href"/>, http or https, unless that is null.</summary>
readonly record struct CommentPart(string Text, string? Href);
