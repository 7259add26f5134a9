namespace Pinfold.Pinboard;

/// <summary>An address somewhere on the web, as people and programs write it.</summary>
static class WebLink
{
    /// <summary>What is said where a link was changed by <see cref="WithoutCredentials"/>.</summary>
    public const string CredentialsLeftOut = "The user name and password in the address were left out.";

    /// <summary>
    /// The link without a user name and password; as it is when it has none. It is text that is looked at and not a
    /// parsed address: what cannot be parsed is still shown and kept, with the reason why it is no link.
    /// </summary>
    public static string WithoutCredentials(string link)
    {
        var start = AuthorityStart(link);
        if (start < 0)
            return link;
        var length = link.AsSpan(start).IndexOfAny("/\\?#");
        var authority = length < 0 ? link.AsSpan(start) : link.AsSpan(start, length);
        // The last one: what is before it is not the host, however many there are.
        var at = authority.LastIndexOf('@');
        return at < 0 ? link : string.Concat(link.AsSpan(0, start), link.AsSpan(start + at + 1));
    }

    /// <summary>As it may be shown, whenever it was kept.</summary>
    public static string? Shown(string? link) => link is null ? null : WithoutCredentials(link);

    /// <summary>What was done, and with it that the link was changed, if it was.</summary>
    public static string Noted(string done, string? link) =>
        HasCredentials(link) ? $"{done} {CredentialsLeftOut}" : done;

    public static bool HasCredentials(string? link) => link is not null && WithoutCredentials(link) != link;

    /// <summary>Where user, host and port begin; -1 if there is no such part (mailto:, data:, a path).</summary>
    static int AuthorityStart(string link)
    {
        var colon = link.IndexOf(':', StringComparison.Ordinal);
        var scheme = colon < 0 ? "" : link[..colon].Trim();
        if (colon < 0 || scheme.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('+' or '.' or '-')))
            return link.StartsWith("//", StringComparison.Ordinal) ? 2 : -1;
        var slashes = link.AsSpan(colon + 1).IndexOfAnyExcept('/', '\\');
        // Browsers ask for no slashes after these, and take any number of them, leaning either way (WHATWG URL).
        var isSpecial = scheme.ToLowerInvariant() is "http" or "https" or "ftp" or "ws" or "wss";
        return slashes < 0 ? -1 : isSpecial || slashes >= 2 ? colon + 1 + slashes : -1;
    }
}
