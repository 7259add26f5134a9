using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Shouldly;

namespace Pinfold.Cli.Tests.Running;

/// <summary>An open page that hears of notifications, as a browser's EventSource reads them.</summary>
sealed class EventStream : IDisposable
{
    static readonly TimeSpan LimitMax = TimeSpan.FromMinutes(1);

    readonly HttpClient _http;
    readonly HttpResponseMessage _answer;
    readonly StreamReader _lines;

    EventStream(HttpClient http, HttpResponseMessage answer, StreamReader lines) =>
        (_http, _answer, _lines) = (http, answer, lines);

    public HttpStatusCode Status => _answer.StatusCode;

    public HttpResponseHeaders Headers => _answer.Headers;

    public HttpContentHeaders ContentHeaders => _answer.Content.Headers;

    /// <summary>The id of the last event, with which a browser connects anew.</summary>
    public string LastId { get; private set; } = "";

    /// <summary>Opens one with somebody's cookies.</summary>
    public static async Task<EventStream> OpenAsync(Uri address, string cookies, string? lastId = null)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = address };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/notifications/events");
        request.Headers.Add("Accept-Encoding", "br, gzip");
        if (cookies.Length > 0)
            request.Headers.Add("Cookie", cookies);
        if (lastId is not null)
            request.Headers.Add("Last-Event-ID", lastId);
        using var limit = new CancellationTokenSource(LimitMax);
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        return new EventStream(http, answer, new StreamReader(await answer.Content.ReadAsStreamAsync(limit.Token)));
    }

    /// <summary>The next event; null when the stream ends as it should.</summary>
    public async Task<(long Unread, string? Text)?> NextAsync()
    {
        using var limit = new CancellationTokenSource(LimitMax);
        (long, string?)? told = null;
        while (await _lines.ReadLineAsync(limit.Token) is { } line)
            if (line.StartsWith("id: ", StringComparison.Ordinal))
                LastId = line[4..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                using var data = JsonDocument.Parse(line[6..]);
                told = (data.RootElement.GetProperty("unread").GetInt64(),
                    data.RootElement.GetProperty("text").GetString());
            }
            else if (line.Length == 0 && told is not null)
                return told;
        return null;
    }

    /// <summary>The next that tells of so many.</summary>
    public async Task<string?> UntilAsync(long unread)
    {
        while (true)
        {
            var told = await NextAsync();
            told.ShouldNotBeNull($"the stream ended before {unread} were told");
            if (told.Value.Unread == unread)
                return told.Value.Text;
        }
    }

    /// <summary>The next line, whatever it is.</summary>
    public async Task<string?> LineAsync()
    {
        using var limit = new CancellationTokenSource(LimitMax);
        return await _lines.ReadLineAsync(limit.Token);
    }

    public void Dispose()
    {
        _lines.Dispose();
        _answer.Dispose();
        _http.Dispose();
    }
}
