using System.Globalization;

namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// Where a page sends its reader on: <c>&lt;meta http-equiv="refresh" content="0; url=/there"&gt;</c>, or the header of
/// that name.
/// </summary>
/// <remarks>HTML standard, "shared declarative refresh steps".</remarks>
internal static class MetaRefresh
{
    /// <summary>A page that stays for longer is there to be read.</summary>
    public const int SecondsMax = 10;

    /// <summary>The address as written; null when it does not lead elsewhere, or not soon.</summary>
    public static string? Target(string content)
    {
        var rest = content.AsSpan().TrimStart(Blanks);
        var digits = rest.IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? rest[..end] : rest;
        if (digits.IsEmpty && !rest.StartsWith("."))
            return null;
        var seconds = 0;
        if (!digits.IsEmpty && !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out seconds))
            return null;
        rest = rest[digits.Length..].TrimStart("0123456789.");
        if (seconds > SecondsMax || rest.IsEmpty || !(";," + Blanks).Contains(rest[0]))
            return null;
        rest = rest.TrimStart(Blanks);
        if (!rest.IsEmpty && rest[0] is ';' or ',')
            rest = rest[1..].TrimStart(Blanks);
        var target = WithoutQuotes(WithoutName(rest)).Trim(Blanks);
        return target.IsEmpty ? null : target.ToString();
    }

    const string Blanks = " \t\n\f\r";

    static ReadOnlySpan<char> WithoutName(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith("url", StringComparison.OrdinalIgnoreCase))
            return text;
        var rest = text[3..].TrimStart(Blanks);
        return rest.StartsWith("=") ? rest[1..].TrimStart(Blanks) : text;
    }

    static ReadOnlySpan<char> WithoutQuotes(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] is not ('"' or '\''))
            return text;
        var end = text[1..].IndexOf(text[0]);
        return end < 0 ? text[1..] : text.Slice(1, end);
    }
}
