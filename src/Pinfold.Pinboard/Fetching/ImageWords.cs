namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// Words by which pages call what decorates them or only holds a place. They count as words: a catalogo is no logo, and
/// silicon no icon.
/// </summary>
internal static class ImageWords
{
    static readonly HashSet<string> Decoration = new(StringComparer.OrdinalIgnoreCase)
    {
        "avatar", "badge", "beacon", "btn", "button", "emoji", "favicon", "gravatar", "icon", "logo", "logotype",
        "pixel",
        "smiley", "sprite", "tracker", "tracking",
    };

    // Not in a class: there such words are of the picture that is to come.
    static readonly HashSet<string> Placeholders = new(StringComparer.OrdinalIgnoreCase)
    {
        "1x1", "blank", "loader", "loading", "placeholder", "spacer", "spinner", "transparent",
    };

    /// <summary>Whether the path of an address has such a word; its host and its query have none that count.</summary>
    public static bool AreInPath(string address)
    {
        var path = address.AsSpan();
        if (path.IndexOfAny('?', '#') is var end and >= 0)
            path = path[..end];
        if (path.IndexOf("//") is var host and >= 0 && (host == 0 || path[host - 1] == ':'))
            path = path[(host + 2)..].IndexOf('/') is var slash and >= 0 ? path[(host + 2 + slash)..] : [];
        return Has(path, word => IsOne(word, Decoration) || IsOne(word, Placeholders));
    }

    /// <summary>Whether a class or an id has one.</summary>
    public static bool AreInName(string? name) => Has(name, word => IsOne(word, Decoration));

    /// <summary>Words end at what is no letter or digit, and within one as in <c>siteLogo2</c>.</summary>
    static bool Has(ReadOnlySpan<char> text, Func<string, bool> isOne)
    {
        var start = 0;
        for (var at = 0; at <= text.Length; at++)
        {
            if (at < text.Length && char.IsLetterOrDigit(text[at]))
                continue;
            if (at > start && IsOrHolds(text[start..at].ToString(), isOne))
                return true;
            start = at + 1;
        }

        return false;
    }

    static bool IsOrHolds(string word, Func<string, bool> isOne)
    {
        if (isOne(word))
            return true;
        var start = 0;
        for (var at = 1; at <= word.Length; at++)
        {
            if (at < word.Length && !IsSeam(word[at - 1], word[at]))
                continue;
            if (at - start < word.Length && isOne(word[start..at]))
                return true;
            start = at;
        }

        return false;
    }

    static bool IsSeam(char before, char after) =>
        (char.IsLower(before) && char.IsUpper(after)) || char.IsDigit(before) != char.IsDigit(after);

    static bool IsOne(string word, HashSet<string> words) =>
        words.Contains(word) || (word[^1] is 's' or 'S' && words.Contains(word[..^1]));
}
