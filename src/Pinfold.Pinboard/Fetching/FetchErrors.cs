using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// Puts what went wrong between here and a site into words, and says whether trying again may help.
/// </summary>
internal static class FetchErrors
{
    /// <summary>A longer wait than any site may ask for.</summary>
    static readonly TimeSpan RetryAfterMax = TimeSpan.FromDays(1);

    public static FetchException Refused(Uri url, HttpResponseMessage response, DateTimeOffset now)
    {
        var code = (int)response.StatusCode;
        return code switch
        {
            404 or 410 => new FetchException(ErrorKind.NotFound, $"{url.Host} has no such page ({code})."),
            408 or 429 or >= 500 => new FetchException(ErrorKind.Unavailable,
                $"{url.Host} cannot answer at the moment ({code}); try again later.")
            {
                Outlook = OutlookOf(code),
                RetryAfter = RetryAfter(response, now),
            },
            _ => new FetchException(ErrorKind.Invalid, $"{url.Host} does not give this page ({code})."),
        };
    }

    public static FetchException TooSlow(Uri url, TimeSpan limit, FetchOutlook outlook) => new(
        ErrorKind.DeadlineExceeded,
        FormattableString.Invariant($"{url.Host} took longer than {limit.TotalSeconds:0.#} seconds."))
    {
        Outlook = outlook,
    };

    public static FetchException TooLarge(Uri url, long bytesMax) => new(ErrorKind.LimitExceeded,
        FormattableString.Invariant(
            $"{url.Host} sent more than {bytesMax / (1024 * 1024.0):0.##} MiB, which is the most accepted."));

    public static bool IsTransport(Exception e) =>
        e is HttpRequestException or IOException or SocketException or InvalidDataException;

    public static FetchException Transport(Uri url, Exception e) => e switch
    {
        { InnerException: FetchException refusal } => refusal,
        InvalidDataException => new FetchException(ErrorKind.Unavailable,
            $"What {url.Host} sent is compressed, and damaged.", e)
        { Outlook = FetchOutlook.AddressLater },
        { InnerException: SocketException { SocketErrorCode: var code } } when OfSocket(url, code, e) is { } known =>
            known,
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => NoSuchHost(url, e),
        { InnerException: AuthenticationException } => Down(url, "has no valid certificate for https", e),
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
            new FetchException(ErrorKind.LimitExceeded, $"The headers that {url.Host} sent are too large.", e),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } =>
            Down(url, "cannot be reached", e),
        _ => new FetchException(ErrorKind.Unavailable, $"The connection to {url.Host} broke.", e)
        {
            Outlook = FetchOutlook.AddressLater,
        },
    };

    static FetchOutlook OutlookOf(int code) => code switch
    {
        429 => FetchOutlook.HostBusy,
        // 520 to 530 are those of a large carrier for "what is behind me does not answer".
        502 or 503 or 504 or (>= 520 and <= 530) => FetchOutlook.HostDown,
        _ => FetchOutlook.AddressLater,
    };

    static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        var asked = response.Headers.RetryAfter is { } header ? header.Delta ?? header.Date - now : null;
        return asked is null ? null : TimeSpan.FromTicks(
            Math.Clamp(asked.Value.Ticks, TimeSpan.Zero.Ticks, RetryAfterMax.Ticks));
    }

    static FetchException? OfSocket(Uri url, SocketError code, Exception e) => code switch
    {
        SocketError.HostNotFound or SocketError.NoData => NoSuchHost(url, e),
        SocketError.TryAgain or SocketError.NoRecovery => new FetchException(ErrorKind.Unavailable,
            $"Where {url.Host} is cannot be looked up at the moment.", e)
        { Outlook = FetchOutlook.NoWayOut },
        SocketError.NetworkDown or SocketError.NetworkUnreachable => new FetchException(ErrorKind.Unavailable,
            $"There is no way to {url.Host} from here at the moment.", e)
        { Outlook = FetchOutlook.NoWayOut },
        _ => null,
    };

    static FetchException Down(Uri url, string what, Exception e) =>
        new(ErrorKind.Unavailable, $"{url.Host} {what}.", e) { Outlook = FetchOutlook.HostDown };

    static FetchException NoSuchHost(Uri url, Exception e) =>
        new(ErrorKind.NotFound, $"There is no host {url.Host}.", e) { Outlook = FetchOutlook.HostDown };
}
