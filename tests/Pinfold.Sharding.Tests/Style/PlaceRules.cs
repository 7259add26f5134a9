using System.Net;
using System.Text.RegularExpressions;

namespace Pinfold.Sharding.Tests.Style;

/// <summary>
/// Hosts and folders that a file may name. Any other may exist only for whoever wrote the line: it is left out, made
/// an option, or, when everybody has it, added here.
/// </summary>
static partial class PlaceRules
{
    /// <summary>Real hosts: what documentation and comments link to, formats name, imported files lead to.</summary>
    static readonly HashSet<string> Hosts =
    [
        "github.com", "mcr.microsoft.com", "www.apache.org", "www.w3.org", "encoding.spec.whatwg.org",
        "html.spec.whatwg.org", "schema.org",
        "www.rfc-editor.org", "www.unicode.org", "publicsuffix.org", "mozilla.org", "scripts.sil.org", "sitemaps.org",
        "www.sitemaps.org", "ann.github.io",
        "www.pinterest.com", "i.pinimg.com", "c2.com", "www.bonappetit.com", "fontfamily.io",
    ];

    /// <summary>Names that nobody can have (RFC 2606, RFC 6761), and what stands for a name.</summary>
    static readonly string[] ReservedEndings =
        ["example", "example.com", "example.org", "example.net", "test", "invalid", "localhost", "b.exam"];

    static readonly HashSet<string> Placeholders =
    [
        "a", "a.b", "host", "site", "pins", "pinfold", "thr",
        "unix", // and then comes the path of a socket
        "collector", "settings", "*", ".",
        "some-cool-address-that-leads-to-the-source-of-my-pin", // of an export
    ];

    /// <summary>What a Linux has, what the documentation takes for an example, what is a path within a site.</summary>
    static readonly string[] Folders =
    [
        "/usr/bin/env", "/usr/sbin", "/usr/share/fonts", "/usr/lib", "/bin/sh", "/dev/null", "/dev/full",
        "/dev/shm", "/var/tmp", "/mnt", "/proc",
        "/etc/hostname", "/etc/nginx", "/etc/caddy", "/etc/letsencrypt", "/etc/systemd", "/dev/tcp",
        "/app", "/opt/pinfold", "/run/credentials", "/pins", "/apps/pins",
        "/etc/pinfold", "/home/robin/pinfold-data", "/run/secrets", "/srv", "/var/lib/pinfold", "/nonexistent",
        "/anywhere", "/elsewhere",
        "/_", // the repository, in the symbols of a reproducible build
        "/mira", "/tove", "/noor", "/robin", "/ann", "/ben", "/a/b", "/long", "/recipes", "/pictures", "/Web",
        "/catalogo", "/secret", "/img", "/moving", "/iconic", "/badgers", "/spriteful", "/logos", "/track", "/in",
        "/abs", "/solr",
    ];

    /// <summary>Hosts of addresses, and names that end like one; an address of a file is nobody else's.</summary>
    public static IEnumerable<Finding> HostsAreKnown(SourceFile file) =>
        from match in Address().Matches(file.Text).Concat(BareName().Matches(file.Text))
        let host = match.Groups["host"].Value.TrimEnd('.').ToLowerInvariant()
        where !MayBeNamed(host) || match.Value.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
        select file.At(match.Index, $"'{match.Value}' is no host that everybody has: leave it out, or see PlaceRules.");

    /// <summary>
    /// Paths from the root with a folder in them, unless they are of the service's own addresses
    /// (<paramref name="routes"/>: their first parts) or of a folder in the repository's root.
    /// </summary>
    public static IEnumerable<Finding> FoldersAreKnown(SourceFile file, IReadOnlySet<string> routes) =>
        from match in RootedPath().Matches(file.Text)
        let path = match.Value
        where !routes.Contains(match.Groups["first"].Value)
            && !Folders.Any(known => path == known || path.StartsWith(known + "/", StringComparison.Ordinal))
        select file.At(match.Index, $"'{path}' means nothing on another machine: leave it out, or see PlaceRules.");

    /// <summary>The first parts of the addresses that code maps or lists, such as pin of "/pin/{id}".</summary>
    public static IEnumerable<string> RoutesOf(SourceFile code) =>
        (code.Name == "Routes.cs" ? Literal() : Mapped()).Matches(code.Text)
            .Select(match => match.Groups["first"].Value);

    static bool MayBeNamed(string host) =>
        host.Length == 0 || Hosts.Contains(host) || Placeholders.Contains(host)
            || ReservedEndings.Any(end => host == end || host.EndsWith("." + end, StringComparison.Ordinal))
            || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IsNobodys(address));

    /// <summary>This machine, a private network, or an address for examples (RFC 5735, RFC 4291).</summary>
    static bool IsNobodys(IPAddress address) => IPAddress.IsLoopback(address) || address.GetAddressBytes() is
        [0, ..] or [10, ..] or [169, 254, ..] or [172, >= 16 and < 32, ..] or [192, 168, ..] or [192, 0, 2, _]
        or [198, 51, 100, _] or [203, 0, 113, _] or [0x20, 0x01, 0x0d, 0xb8, ..] or [>= 0xfc, ..];

    [GeneratedRegex(
        @"(?<![\w+.-])[a-z][a-z0-9+.-]*://(?:[^\s/@""'`<>(){}]*@)?(?<host>\[[0-9a-f:.]+\]|[\p{L}\p{N}._*-]*)",
        RegexOptions.IgnoreCase)]
    private static partial Regex Address();

    [GeneratedRegex(
        @"(?<![\w./@:-])(?<host>(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|ai|app|cloud|co|edu|gov|eu))(?![\w-]|\.\w)")]
    private static partial Regex BareName();

    [GeneratedRegex(@"(?<![\w.:/$}<*~)\]@%+-])/(?<first>[A-Za-z_][\w.-]*)/[\w./-]*")]
    private static partial Regex RootedPath();

    [GeneratedRegex(@"Map\w*\(\s*""/(?<first>[\w-]+)")]
    private static partial Regex Mapped();

    [GeneratedRegex(@"""/(?<first>[\w-]+)")]
    private static partial Regex Literal();
}
