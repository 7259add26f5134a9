using System.Globalization;
using System.Net;

namespace Pinfold.Pinboard.Fetching;

/// <summary>The cookies of one fetch, under the rules of browsers, few and small. They end with it.</summary>
/// <remarks>
/// RFC 6265, sections 5.1 to 5.4. Own code since CookieContainer breaks at a comma in a value, and drops a cookie whose
/// date it cannot read. There is no list of public suffixes: a cookie for all of co.uk could go to another site of it,
/// which the same site led to a moment before.
/// </remarks>
internal sealed class CookieJar(TimeProvider time)
{
    const int CookiesMax = 50;
    const int CharactersMax = 4096;
    const int HeaderCharactersMax = 8192;

    readonly List<Cookie> _cookies = [];

    /// <summary>
    /// Takes a Set-Cookie line of an answer from <paramref name="url"/>; what breaks a rule is ignored.
    /// </summary>
    public void Set(Uri url, string line)
    {
        if (line.Length > CharactersMax || Parse(url, line) is not { } cookie)
            return;
        _cookies.RemoveAll(c => c.Name == cookie.Name && c.Domain == cookie.Domain && c.Path == cookie.Path);
        if (cookie.Ends > time.GetUtcNow() && _cookies.Count < CookiesMax)
            _cookies.Add(cookie);
    }

    /// <summary>The Cookie header of a request, or null. The longest paths come first.</summary>
    public string? HeaderFor(Uri url)
    {
        var header = string.Join("; ", _cookies.Where(cookie => IsFor(cookie, url))
            .OrderByDescending(cookie => cookie.Path.Length).Select(cookie => cookie.Pair));
        return header.Length is 0 or > HeaderCharactersMax ? null : header;
    }

    Cookie? Parse(Uri url, string line)
    {
        var parts = line.Split(';');
        var equals = parts[0].IndexOf('=', StringComparison.Ordinal);
        var (name, value) = (parts[0][..Math.Max(equals, 0)].Trim(), parts[0][(equals + 1)..].Trim());
        if (name.Length == 0 || line.Any(c => char.IsControl(c) && c != '\t'))
            return null;
        var cookie = new Cookie(name, $"{name}={value}", url.IdnHost.ToLowerInvariant(), IsHostOnly: true,
            DefaultPath(url), IsSecure: false, DateTimeOffset.MaxValue);
        var (isAgeGiven, isRefused) = (false, false);
        foreach (var attribute in parts.Skip(1).Select(part => part.Split('=', 2, StringSplitOptions.TrimEntries)))
        {
            var argument = attribute.Length == 2 ? attribute[1] : "";
            switch (attribute[0].ToLowerInvariant())
            {
                case "domain" when argument.TrimStart('.') is { Length: > 0 } domain:
                    cookie = cookie with { Domain = domain.ToLowerInvariant(), IsHostOnly = false };
                    isRefused = !IsWithin(url.IdnHost, cookie.Domain);
                    break;
                case "path" when argument.StartsWith('/'):
                    cookie = cookie with { Path = argument };
                    break;
                case "secure":
                    cookie = cookie with { IsSecure = true };
                    break;
                case "max-age" when long.TryParse(
                    argument, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds):
                    cookie = cookie with { Ends = EndOf(seconds) };
                    isAgeGiven = true;
                    break;
                case "expires" when !isAgeGiven && DateTimeOffset.TryParse(argument.Replace('-', ' '),
                    CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var ends):
                    cookie = cookie with { Ends = ends };
                    break;
            }
        }

        return isRefused || (cookie.IsSecure && url.Scheme != Uri.UriSchemeHttps) || !IsPrefixKept(cookie, url)
            ? null
            : cookie;
    }

    DateTimeOffset EndOf(long seconds) => seconds <= 0
        ? DateTimeOffset.MinValue
        : time.GetUtcNow() + TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.SecondsPerDay));

    bool IsFor(Cookie cookie, Uri url) =>
        (cookie.IsHostOnly
            ? cookie.Domain.Equals(url.IdnHost, StringComparison.OrdinalIgnoreCase)
            : IsWithin(url.IdnHost, cookie.Domain))
        && IsBelow(url.AbsolutePath, cookie.Path)
        && (!cookie.IsSecure || url.Scheme == Uri.UriSchemeHttps)
        && cookie.Ends > time.GetUtcNow();

    /// <summary>The host itself, or one below a domain of more than one word; an address is below nothing.</summary>
    static bool IsWithin(string host, string domain) =>
        host.Equals(domain, StringComparison.OrdinalIgnoreCase)
        || (host.EndsWith($".{domain}", StringComparison.OrdinalIgnoreCase)
            && domain.Contains('.', StringComparison.Ordinal) && !IPAddress.TryParse(host, out _));

    static bool IsBelow(string path, string folder) =>
        path.StartsWith(folder, StringComparison.Ordinal)
        && (path.Length == folder.Length || folder.EndsWith('/') || path[folder.Length] == '/');

    static bool IsPrefixKept(Cookie cookie, Uri url) =>
        (!cookie.Name.StartsWith("__Secure-", StringComparison.OrdinalIgnoreCase) || cookie.IsSecure)
        && (!cookie.Name.StartsWith("__Host-", StringComparison.OrdinalIgnoreCase)
            || (cookie is { IsSecure: true, IsHostOnly: true, Path: "/" } && url.Scheme == Uri.UriSchemeHttps));

    static string DefaultPath(Uri url) => url.AbsolutePath.LastIndexOf('/') is > 0 and var last
        ? url.AbsolutePath[..last]
        : "/";

    sealed record Cookie(
        string Name, string Pair, string Domain, bool IsHostOnly, string Path, bool IsSecure, DateTimeOffset Ends);
}
