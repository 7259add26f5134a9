using System.Net;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// The HTTP client for addresses that users give: every hop is checked before it is asked and again when it is
/// dialled, and time, size and number of redirects are limited. Keeps no cookies, uses no proxy, sends nothing of this
/// server.
/// </summary>
internal sealed class GuardedHttp : IDisposable
{
    readonly FetchOptions _options;
    readonly TimeProvider _time;
    readonly GuardedDialer _dialer;
    readonly HttpMessageInvoker _http;

    public GuardedHttp(FetchOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _dialer = new GuardedDialer(options);
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = _dialer.ConnectAsync,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = options.ConnectTimeout,
            MaxResponseHeadersLength = options.HeaderKibibytesMax,
            MaxConnectionsPerServer = 4,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ResponseDrainTimeout = TimeSpan.Zero,
            MaxResponseDrainSize = 0,

            // No trace header: which requests this server traces is no business of the sites it reads.
            ActivityHeadersPropagator = null,
        });
    }

    /// <summary>
    /// Asks for <paramref name="url"/> and follows redirects; answers when the headers of a success are there. The
    /// caller disposes the answer; until then the total timeout runs.
    /// </summary>
    /// <exception cref="PinfoldException">
    /// Invalid: not a URL that is fetched; Forbidden: an address that is not public; LimitExceeded: too many redirects
    /// or too large; DeadlineExceeded; NotFound; Unavailable: trying again later may help.
    /// </exception>
    public async Task<GuardedAnswer> GetAsync(
        Uri url, string accept, long bytesMax, CancellationToken cancellation)
    {
        var deadline = new FetchDeadline(_options.TotalTimeout, _time, cancellation);
        GuardedAnswer? answer = null;
        try
        {
            return answer = await FollowAsync(FetchUrl.Checked(url), accept, bytesMax, deadline);
        }
        finally
        {
            if (answer is null)
                deadline.Dispose();
        }
    }

    public void Dispose() => _http.Dispose();

    async Task<GuardedAnswer> FollowAsync(Uri url, string accept, long bytesMax, FetchDeadline deadline)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var hop = url; ;)
        {
            if (!seen.Add(hop.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped)))
                throw new PinfoldException(ErrorKind.Invalid, $"{hop.Host} redirects in a circle.");
            if (seen.Count > _options.RedirectsMax + 1)
            {
                throw new PinfoldException(ErrorKind.LimitExceeded,
                    $"{url.Host} redirects more than {_options.RedirectsMax} times.");
            }

            var response = await AskAsync(hop, accept, deadline);
            if (response.IsSuccessStatusCode)
                return await AnswerAsync(hop, response, bytesMax, deadline);
            using (response)
                hop = Next(hop, response);
        }
    }

    async Task<HttpResponseMessage> AskAsync(Uri url, string accept, FetchDeadline deadline)
    {
        _dialer.Check(url);
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("User-Agent", _options.UserAgent);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var headers = new FetchDeadline(_options.HeaderTimeout, _time, deadline.Token);
        try
        {
            return await _http.SendAsync(request, headers.Token);
        }
        catch (OperationCanceledException) when (!deadline.Token.IsCancellationRequested)
        {
            throw FetchErrors.TooSlow(url, headers.HasPassed ? _options.HeaderTimeout : _options.ConnectTimeout);
        }
        catch (OperationCanceledException) when (deadline.HasPassed)
        {
            throw FetchErrors.TooSlow(url, _options.TotalTimeout);
        }
        catch (Exception e) when (FetchErrors.IsTransport(e))
        {
            throw FetchErrors.Transport(url, e);
        }
    }

    static Uri Next(Uri url, HttpResponseMessage response)
    {
        if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308))
            throw FetchErrors.Refused(url, response.StatusCode);
        if (response.Headers.Location is not { } location || !Uri.TryCreate(url, location, out var next))
            throw new PinfoldException(ErrorKind.Invalid, $"{url.Host} redirects, but does not say whereto.");
        return FetchUrl.Checked(next);
    }

    static async Task<GuardedAnswer> AnswerAsync(
        Uri url, HttpResponseMessage response, long bytesMax, FetchDeadline deadline)
    {
        if (response.Content.Headers.ContentLength > bytesMax)
        {
            response.Dispose();
            throw FetchErrors.TooLarge(url, bytesMax);
        }

        var body = await response.Content.ReadAsStreamAsync(deadline.Token);
        return new GuardedAnswer(url, response, new GuardedBody(url, body, bytesMax, deadline), deadline);
    }
}
