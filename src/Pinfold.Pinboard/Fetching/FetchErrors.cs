using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// Puts what went wrong between here and a site into words; the kind says whether trying again may help.
/// </summary>
internal static class FetchErrors
{
    public static PinfoldException Refused(Uri url, HttpStatusCode status)
    {
        var code = (int)status;
        return code switch
        {
            404 or 410 => new PinfoldException(ErrorKind.NotFound, $"{url.Host} has no such page ({code})."),
            408 or 429 or >= 500 => new PinfoldException(ErrorKind.Unavailable,
                $"{url.Host} cannot answer at the moment ({code}); try again later."),
            _ => new PinfoldException(ErrorKind.Invalid, $"{url.Host} does not give this page ({code})."),
        };
    }

    public static PinfoldException TooSlow(Uri url, TimeSpan limit) => new(ErrorKind.DeadlineExceeded,
        FormattableString.Invariant($"{url.Host} took longer than {limit.TotalSeconds:0.#} seconds."));

    public static PinfoldException TooLarge(Uri url, long bytesMax) => new(ErrorKind.LimitExceeded,
        FormattableString.Invariant(
            $"{url.Host} sent more than {bytesMax / (1024 * 1024.0):0.##} MiB, which is the most accepted."));

    public static bool IsTransport(Exception e) =>
        e is HttpRequestException or IOException or SocketException or InvalidDataException;

    public static PinfoldException Transport(Uri url, Exception e) => e switch
    {
        { InnerException: PinfoldException refusal } => refusal,
        InvalidDataException => new PinfoldException(ErrorKind.Unavailable,
            $"What {url.Host} sent is compressed, and damaged.", e),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => NoSuchHost(url, e),
        { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData } }
            => NoSuchHost(url, e),
        { InnerException: AuthenticationException } => new PinfoldException(ErrorKind.Unavailable,
            $"{url.Host} has no valid certificate for https.", e),
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
            new PinfoldException(ErrorKind.LimitExceeded, $"The headers that {url.Host} sent are too large.", e),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => new PinfoldException(
            ErrorKind.Unavailable, $"{url.Host} cannot be reached.", e),
        _ => new PinfoldException(ErrorKind.Unavailable, $"The connection to {url.Host} broke.", e),
    };

    static PinfoldException NoSuchHost(Uri url, Exception e) =>
        new(ErrorKind.NotFound, $"There is no host {url.Host}.", e);
}
