using System.Net;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// The HTTP client for addresses that users give: every hop is checked before it is asked and again when it is
/// dialled, and time, size and number of redirects are limited. Keeps cookies no longer than a fetch, uses no proxy,
/// sends nothing of this server.
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
        _dialer = new GuardedDialer(options, time);
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
    /// The time that a page may take with what it redirects to, or its pictures together; begins now.
    /// </summary>
    public FetchDeadline BeginDeadline(CancellationToken cancellation) =>
        new(_options.TotalTimeout, _time, cancellation);

    /// <summary>Begins a fetch.</summary>
    /// <param name="rests">Whom to leave alone; null to ask in any case.</param>
    public FetchTrail BeginTrail(HostRests? rests = null) => new(_time, rests);

    /// <summary>As the other, as a fetch of its own; the total timeout runs until the answer is disposed.</summary>
    public async Task<GuardedAnswer> GetAsync(
        Uri url, string accept, long bytesMax, CancellationToken cancellation)
    {
        var deadline = BeginDeadline(cancellation);
        GuardedAnswer? answer = null;
        try
        {
            return answer = await GetAsync(url, accept, bytesMax, BeginTrail(), deadline);
        }
        finally
        {
            if (answer is null)
                deadline.Dispose();
            else
                answer.Owns(deadline);
        }
    }

    /// <summary>
    /// Asks for <paramref name="url"/> and follows redirects; answers when the headers of a success are there. The
    /// caller disposes the answer, and later the deadline.
    /// </summary>
    /// <exception cref="FetchException">
    /// Invalid: not a URL that is fetched; Forbidden: an address that is not public; LimitExceeded: too many redirects
    /// or too large; DeadlineExceeded; NotFound; Unavailable.
    /// </exception>
    public async Task<GuardedAnswer> GetAsync(
        Uri url, string accept, long bytesMax, FetchTrail trail, FetchDeadline deadline)
    {
        for (var hop = FetchUrl.Checked(url); ;)
        {
            trail.Step(hop, _options.RedirectsMax);
            var response = await AskAsync(hop, accept, trail, deadline);
            if (response.IsSuccessStatusCode)
                return await AnswerAsync(hop, response, bytesMax, deadline);
            using (response)
                hop = Next(hop, response);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>A success or a redirect.</summary>
    async Task<HttpResponseMessage> AskAsync(Uri url, string accept, FetchTrail trail, FetchDeadline deadline)
    {
        _dialer.Check(url);
        if (trail.Rests?.Find(url) is { } resting)
            throw resting;
        try
        {
            var response = await SendAsync(url, accept, trail, deadline);
            trail.Rests?.Answered(url);
            return response;
        }
        catch (FetchException e)
        {
            trail.Rests?.Failed(url, e);
            throw;
        }
    }

    async Task<HttpResponseMessage> SendAsync(Uri url, string accept, FetchTrail trail, FetchDeadline deadline)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("User-Agent", _options.UserAgent);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        trail.AddHeaders(request);
        using var headers = new FetchDeadline(_options.HeaderTimeout, _time, deadline.Token);
        try
        {
            var response = await _http.SendAsync(request, headers.Token);
            trail.Take(url, response);
            if (response.IsSuccessStatusCode || IsRedirect(response))
                return response;
            using (response)
                throw FetchErrors.Refused(url, response, _time.GetUtcNow());
        }
        catch (OperationCanceledException) when (!deadline.Token.IsCancellationRequested)
        {
            throw FetchErrors.TooSlow(url, headers.HasPassed ? _options.HeaderTimeout : _options.ConnectTimeout,
                FetchOutlook.HostDown);
        }
        catch (OperationCanceledException) when (deadline.HasPassed)
        {
            throw FetchErrors.TooSlow(url, deadline.Limit, FetchOutlook.AddressLater);
        }
        catch (Exception e) when (FetchErrors.IsTransport(e))
        {
            throw FetchErrors.Transport(url, e);
        }
    }

    static bool IsRedirect(HttpResponseMessage response) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308;

    static Uri Next(Uri url, HttpResponseMessage response)
    {
        if (response.Headers.Location is not { } location || !Uri.TryCreate(url, location, out var next))
            throw new FetchException(ErrorKind.Invalid, $"{url.Host} redirects, but does not say whereto.");
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
        return new GuardedAnswer(url, response, new GuardedBody(url, body, bytesMax, deadline));
    }
}
