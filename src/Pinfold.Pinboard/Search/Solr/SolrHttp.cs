using System.Net;
using System.Text.Json;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Search.Solr;

/// <summary>
/// Asks Solr: the server that answered last, and when it does not, the next one. How long is waited, how often tried
/// again, and when a server is left alone for a while, its <see cref="HttpClient"/> knows.
/// </summary>
sealed class SolrHttp(IHttpClientFactory clients, IReadOnlyList<SearchServer> servers)
{
    const int ProblemLengthMax = 300;

    volatile int _lastGood;

    /// <summary>What administrators ask, and change.</summary>
    public Task<JsonElement> GetAsync(string path, CancellationToken cancellation) =>
        SendAsync(SolrWork.Setup, HttpMethod.Get, path, content: null, cancellation);

    /// <summary>Parameters in the body: a query has more of them than an address can hold.</summary>
    public Task<JsonElement> AskAsync(
        string path, IEnumerable<KeyValuePair<string, string>> parameters, CancellationToken cancellation) =>
        SendAsync(
            SolrWork.Question, HttpMethod.Post, path, () => new FormUrlEncodedContent(parameters), cancellation);

    public Task<JsonElement> PostAsync(
        SolrWork work, string path, ReadOnlyMemory<byte> body, string contentType, CancellationToken cancellation) =>
        SendAsync(work, HttpMethod.Post, path, () => new ReadOnlyMemoryContent(body)
        {
            Headers = { ContentType = new(contentType) },
        }, cancellation);

    /// <exception cref="PinfoldException">
    /// Unavailable: no server answers. NotFound: there is no such index. Conflict: it exists already. Invalid: Solr
    /// refuses.
    /// </exception>
    async Task<JsonElement> SendAsync(
        SolrWork work, HttpMethod method, string path, Func<HttpContent>? content, CancellationToken cancellation)
    {
        Exception? problem = null;
        for (var turn = 0; turn < servers.Count; turn++)
        {
            var at = (_lastGood + turn) % servers.Count;
            try
            {
                var answer = await SendAsync(work, servers[at], method, path, content, cancellation);
                _lastGood = at;
                return answer;
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested && IsOfServer(e))
            {
                problem = e;
            }
        }
        throw new PinfoldException(
            ErrorKind.Unavailable,
            $"Search does not answer ({string.Join(", ", servers)}): {problem?.GetType().Name ?? "no server"}.",
            problem);
    }

    async Task<JsonElement> SendAsync(
        SolrWork work, SearchServer server, HttpMethod method, string path, Func<HttpContent>? content,
        CancellationToken cancellation)
    {
        using var client = clients.CreateClient($"{work}");
        using var request = new HttpRequestMessage(method, new Uri(server.Address, path));
        request.Content = content?.Invoke();
        request.Headers.Authorization = server.Authorization;
        using var answer = await client.SendAsync(request, cancellation);
        var isJson = answer.Content.Headers.ContentType?.MediaType is "application/json" or "text/json";
        if ((int)answer.StatusCode >= 500)
            throw new HttpRequestException($"Solr answered {(int)answer.StatusCode}", null, answer.StatusCode);
        using var body = isJson
            ? await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancellation), default, cancellation)
            : null;
        if (answer.IsSuccessStatusCode)
            return body?.RootElement.Clone() ?? default;
        throw Refusal(answer.StatusCode, body?.RootElement);
    }

    static PinfoldException Refusal(HttpStatusCode status, JsonElement? body)
    {
        var said = body is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty("error", out var error)
            && error.TryGetProperty("msg", out var message) ? message.GetString() ?? "" : "";
        var problem = said.Length > ProblemLengthMax ? said[..ProblemLengthMax] : said;
        var kind = status switch
        {
            HttpStatusCode.NotFound => ErrorKind.NotFound,
            HttpStatusCode.Conflict => ErrorKind.Conflict,
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ErrorKind.Unavailable,
            _ => ErrorKind.Invalid,
        };
        return new PinfoldException(kind, $"Solr answered {(int)status}: {problem}");
    }

    /// <summary>Whether another server may answer: this one is not there, not in time, or in trouble.</summary>
    static bool IsOfServer(Exception e) => e is HttpRequestException or IOException or OperationCanceledException
        or JsonException || e.GetType().Namespace?.StartsWith("Polly", StringComparison.Ordinal) == true;
}
