using Microsoft.AspNetCore.Http;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>Where people reach the service, as whoever runs it says.</summary>
/// <param name="Scheme">http or https; null as each request says.</param>
/// <param name="Host">With a port that is not the usual one; without a value as each request says.</param>
/// <param name="PathBase">What all paths begin with; empty for none.</param>
sealed record PublicAddress(string? Scheme, HostString Host, PathString PathBase)
{
    /// <summary>Nothing is said: requests say it.</summary>
    public static PublicAddress Unsaid { get; } = new(null, default, default);

    /// <summary>Where to find it, without a slash at the end, when it listens at <paramref name="url"/>.</summary>
    public string At(string url) => $"{(Scheme is null ? url : $"{Scheme}://{Host}")}{PathBase}";

    /// <summary>Reads <c>--public-url</c> and <c>--path-base</c>, either of which may be empty.</summary>
    /// <exception cref="PinfoldException">Invalid: it says what would be right.</exception>
    public static PublicAddress Parse(string url, string pathBase)
    {
        var ownBase = ParseBase(pathBase, pathBase, "--path-base");
        if (url.Length == 0)
            return Unsaid with { PathBase = ownBase };
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")
            || uri.UserInfo.Length + uri.Query.Length + uri.Fragment.Length > 0 || url.Contains('\\'))
            throw new PinfoldException(ErrorKind.Invalid,
                $"--public-url \"{WebLink.WithoutCredentials(url)}\" is not where people can reach it. It looks like "
                + "https://pins.example.org or https://example.org/pins: no user, no question mark, no fragment.");
        var host = uri.IsDefaultPort ? new HostString(uri.IdnHost) : new HostString(uri.IdnHost, uri.Port);
        if (!HostNames.IsRight(host.Value))
            throw new PinfoldException(
                ErrorKind.Invalid, $"--public-url \"{url}\" has no host that can be reached: \"{uri.Host}\".");
        var urlBase = ParseBase(uri.AbsolutePath, url, "--public-url");
        if (urlBase.HasValue && ownBase.HasValue && urlBase != ownBase)
            throw new PinfoldException(ErrorKind.Invalid,
                $"--public-url ends with {urlBase}, and --path-base is {ownBase}: give one of them, or the same "
                + "twice.");
        return new PublicAddress(uri.Scheme, host, urlBase.HasValue ? urlBase : ownBase);
    }

    static PathString ParseBase(string path, string given, string option)
    {
        var trimmed = path.TrimEnd('/');
        if (trimmed.Length == 0)
            return default;
        if (trimmed[0] != '/' || trimmed.Split('/').Skip(1).Any(
            part => part is "" or "." or ".." || part.Any(c => !char.IsAsciiLetterOrDigit(c) && !"-._~".Contains(c))))
            throw new PinfoldException(ErrorKind.Invalid,
                $"{option} \"{given}\": a path to be below looks like /pins or /apps/pins, of letters, digits, dashes, "
                + "dots, underscores and tildes.");
        return new PathString(trimmed);
    }
}
