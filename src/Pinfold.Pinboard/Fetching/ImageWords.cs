namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// Words by which pages call what decorates them or only holds a place. They count as words: a catalogo is no logo, and
/// silicon no icon.
/// </summary>
internal static class ImageWords
{
    static readonly HashSet<string> Decoration = new(StringComparer.OrdinalIgnoreCase)
    {
        "avatar", "badge", "beacon", "blank", "btn", "button", "emoji", "favicon", "gravatar", "icon", "loader",
        "loading", "logo", "logotype", "pixel", "placeholder", "smiley", "spacer", "spinner", "sprite", "tracker",
        "tracking", "transparent", "1x1",
    };

    /// <summary>Whether the path of an address has such a word; its host and its query have none that count.</summary>
    public static bool AreInPath(string address)
    {
        var path = address.AsSpan();
        if (path.IndexOf("//") is var host and >= 0)
            path = path[(host + 2)..].IndexOf('/') is var slash and >= 0 ? path[(host + 2 + slash)..] : [];
        if (path.IndexOfAny('?', '#') is var end and >= 0)
            path = path[..end];
        return AreIn(path);
    }

    /// <summary>Whether a text has one: its words end at what is no letter or digit, and as in <c>siteLogo2</c>.</summary>
    public static bool AreIn(ReadOnlySpan<char> text)
    {
        var start = 0;
        for (var at = 0; at <= text.Length; at++)
        {
            if (at < text.Length && char.IsLetterOrDigit(text[at]))
                continue;
            if (at > start && IsDecorationOrHolds(text[start..at]))
                return true;
            start = at + 1;
        }

        return false;
    }

    static bool IsDecorationOrHolds(ReadOnlySpan<char> word)
    {
        if (IsDecoration(word))
            return true;
        var start = 0;
        for (var at = 1; at <= word.Length; at++)
        {
            if (at < word.Length && !IsSeam(word[at - 1], word[at]))
                continue;
            if (at - start < word.Length && IsDecoration(word[start..at]))
                return true;
            start = at;
        }

        return false;
    }

    static bool IsSeam(char before, char after) =>
        (char.IsLower(before) && char.IsUpper(after)) || char.IsDigit(before) != char.IsDigit(after);

    static bool IsDecoration(ReadOnlySpan<char> word)
    {
        var words = Decoration.GetAlternateLookup<ReadOnlySpan<char>>();
        return words.Contains(word) || (word.Length > 1 && word[^1] is 's' or 'S' && words.Contains(word[..^1]));
    }
}
