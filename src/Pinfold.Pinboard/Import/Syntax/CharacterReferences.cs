using System.Globalization;
using System.Text;
using AngleSharp.Html;

namespace Pinfold.Pinboard.Import.Syntax;

/// <summary>
/// Resolves character references as browsers do (HTML standard, 13.2.5.72 to 13.2.5.80): all named ones, the old ones
/// also without a semicolon, and numbers of Windows-1252 that are meant as its characters.
/// </summary>
static class CharacterReferences
{
    /// <summary>The longest names that need no semicolon (<c>&amp;frac12</c>), and the longest of all.</summary>
    const int BareNameLengthMax = 6;

    const int NameLengthMax = 32;

    /// <summary>What 128 to 159 mean; the others of them are the control characters that they say.</summary>
    const string Windows1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ";

    /// <param name="text">As in the file.</param>
    /// <param name="isAttribute">
    /// There <c>?a=1&amp;copy=2</c> stays what it is: a name without semicolon counts only before another character.
    /// </param>
    public static string Resolve(string text, bool isAttribute)
    {
        var ampersand = text.IndexOf('&');
        if (ampersand < 0)
            return text;
        var resolved = new StringBuilder(text.Length);
        var at = 0;
        for (; ampersand >= 0; ampersand = text.IndexOf('&', at))
        {
            resolved.Append(text, at, ampersand - at);
            var (characters, length) = Reference(text.AsSpan(ampersand), isAttribute);
            resolved.Append(characters ?? "&");
            at = ampersand + length;
        }
        return resolved.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>What stands at an ampersand, and how long it is; null and 1 if it is no reference.</summary>
    static (string? Characters, int Length) Reference(ReadOnlySpan<char> text, bool isAttribute)
    {
        if (text.Length > 1 && text[1] == '#')
            return Number(text);
        var length = 0;
        while (length < NameLengthMax && 1 + length < text.Length && char.IsAsciiLetterOrDigit(text[1 + length]))
            length++;
        if (length > 0 && 1 + length < text.Length && text[1 + length] == ';'
            && Named(text.Slice(1, length + 1)) is { } whole)
            return (whole, length + 2);
        for (var bare = Math.Min(length, BareNameLengthMax); bare > 1; bare--)
            if (Named(text.Slice(1, bare)) is { } characters)
                return isAttribute && 1 + bare < text.Length
                    && (text[1 + bare] == '=' || char.IsAsciiLetterOrDigit(text[1 + bare]))
                        ? (null, 1)
                        : (characters, 1 + bare);
        return (null, 1);
    }

    static string? Named(ReadOnlySpan<char> name) =>
        HtmlEntityProvider.Resolver.GetSymbol(name.ToString()) is { Length: > 0 } characters ? characters : null;

    static (string? Characters, int Length) Number(ReadOnlySpan<char> text)
    {
        var isHex = text.Length > 2 && text[2] is 'x' or 'X';
        var start = isHex ? 3 : 2;
        var end = start;
        while (end < text.Length && (isHex ? char.IsAsciiHexDigit(text[end]) : char.IsAsciiDigit(text[end])))
            end++;
        if (end == start)
            return (null, 1);
        var digits = text[start..end].TrimStart('0');
        var style = isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        var number = digits.Length == 0 ? 0
            : digits.Length < 8 && int.TryParse(digits, style, CultureInfo.InvariantCulture, out var said) ? said
            : int.MaxValue;
        return (Character(number), end < text.Length && text[end] == ';' ? end + 1 : end);
    }

    static string Character(int number) => number switch
    {
        >= 128 and < 160 => Windows1252[number - 128].ToString(),
        0 => "\uFFFD",
        _ => Rune.IsValid(number) ? new Rune(number).ToString() : "\uFFFD",
    };
}
