namespace Pinfold.Pinboard.Import.Rows;

/// <summary>An address as a source gives it, judged: a web page, or why not.</summary>
/// <param name="Url">As written, without blanks around it; null if the source gave none.</param>
/// <param name="Key">One spelling for all ways to write the same address.</param>
/// <param name="Problem">Why it cannot be a pin's link, and what could.</param>
/// <param name="Note">What was changed in it.</param>
readonly record struct LinkAddress(string? Url, string Key, string? Problem, string? Note)
{
    const int ShownLengthMax = 80;

    public static LinkAddress Check(string? raw)
    {
        // Browsers drop line breaks and tabs from an address, wherever they are.
        var url = string.Concat((raw ?? "").Where(c => !char.IsControl(c))).Trim();
        if (url.Length == 0)
            return new LinkAddress(null, "", "The entry has no address; it needs one that begins with https:// or http://.", null);
        var bare = WebLink.WithoutCredentials(url);
        if (SchemeProblem(url) is { } problem)
            return new LinkAddress(bare, url, problem, null);
        if (url.Length > ImportLimits.LinkLengthMax)
            return new LinkAddress(bare, url,
                $"{Shown(url)} is longer than {ImportLimits.LinkLengthMax} characters, the most for a link.", null);
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
            return new LinkAddress(bare, url, $"{Shown(url)} is not a valid web address.", null);
        // The key keeps the two: it is hashed, and the same row read again is the same row.
        return new LinkAddress(
            bare, uri.AbsoluteUri, null, WebLink.HasCredentials(url) ? WebLink.CredentialsLeftOut : null);
    }

    static string? SchemeProblem(string url) => Scheme(url)?.ToLowerInvariant() switch
    {
        "http" or "https" => null,
        "place" => $"{Shown(url)} is a query that only Firefox understands, not a web page.",
        "javascript" => $"{Shown(url)} is a bookmarklet: a script, not a web page.",
        "data" => $"{Shown(url)} holds a document itself; only addresses with https:// or http:// can be pinned.",
        null => $"{Shown(url)} is an address within the place it was exported from; a whole one begins with https:// or http://.",
        var other => $"{Shown(url)} is a {other}: address; only those with https:// or http:// can be pinned.",
    };

    /// <summary>RFC 3986, 3.1: a letter, then letters, digits, plus, dot and dash, before the first colon.</summary>
    static string? Scheme(string url)
    {
        var colon = url.AsSpan(0, Math.Min(url.Length, 32)).IndexOf(':');
        if (colon < 1 || !char.IsAsciiLetter(url[0]))
            return null;
        foreach (var c in url.AsSpan(0, colon))
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '.' or '-'))
                return null;
        return url[..colon];
    }

    static string Shown(string url) => $"“{Text.Cut(WebLink.WithoutCredentials(url), ShownLengthMax)}”";
}
