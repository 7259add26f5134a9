using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Shouldly;

namespace Pinfold.Cli.Tests.Running;

/// <summary>A person's browser, as far as forms and cookies go. It follows no redirect.</summary>
sealed partial class Browser : IDisposable
{
    readonly HttpClient _http;
    readonly CookieContainer _cookies = new();

    public Browser(
        Uri address, Func<CancellationToken, ValueTask<Stream>>? connect = null, string? userAgent = null)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            Expect100ContinueTimeout = TimeSpan.FromMinutes(1),
            CookieContainer = _cookies,
        };
        if (connect is not null)
            handler.ConnectCallback = (_, cancellation) => connect(cancellation);
        _http = new HttpClient(handler) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(3) };
        if (userAgent is not null)
            _http.DefaultRequestHeaders.Add("User-Agent", userAgent);
    }

    /// <summary>A browser that reaches a service through its Unix socket.</summary>
    public static Browser OverSocket(string path) => new(new Uri("http://localhost"), async cancellation =>
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
        return new NetworkStream(socket, ownsSocket: true);
    });

    /// <summary>All it has, as it would send them.</summary>
    public string Cookies() => _cookies.GetCookieHeader(_http.BaseAddress!);

    /// <summary>Somebody who has just signed up.</summary>
    public static async Task<Browser> SignedUpAsync(Uri address, string username)
    {
        var browser = new Browser(address);
        await browser.SignUpAsync(username);
        return browser;
    }

    public async Task SignUpAsync(string username) => (await PostAsync("/sign-up", new()
    {
        ["username"] = username,
        ["email"] = $"{username}@mail.example",
        ["password"] = Place.Password,
    })).ShouldBe(HttpStatusCode.Redirect);

    public async Task SignInAsync(string username) => (await PostAsync("/sign-in", new()
    {
        ["name"] = username,
        ["password"] = Place.Password,
    })).ShouldBe(HttpStatusCode.Redirect);

    public async Task<Answer> SendAsync(
        HttpMethod method, string path, HttpContent? content = null, string? accept = null,
        Action<HttpRequestHeaders>? headers = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        headers?.Invoke(request.Headers);
        if (accept is not null)
            request.Headers.Add("Accept", accept);
        // A body that is too long is refused before it is sent.
        request.Headers.ExpectContinue = content?.Headers.ContentLength > 1 << 20;
        using var response = await _http.SendAsync(request);
        return new Answer(
            response.StatusCode, await response.Content.ReadAsByteArrayAsync(), response.Headers.Location?.ToString(),
            response.Headers.Concat(response.Content.Headers)
                .ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase));
    }

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    /// <summary>Sends the form that stands on a page, to the page's own address unless said otherwise.</summary>
    public async Task<Answer> PostAsync(string page, Dictionary<string, string> fields, string? to = null)
    {
        using var content = new FormUrlEncodedContent(fields.Append(new("__RequestVerificationToken",
            await TokenAsync(page))));
        return await SendAsync(HttpMethod.Post, to ?? page, content);
    }

    /// <summary>Uploads a file with the form of a page.</summary>
    public async Task<Answer> UploadAsync(
        string page, HttpContent? file, string fileName, Dictionary<string, string> fields)
    {
        using var content = new MultipartFormDataContent();
        content.Add(new StringContent(await TokenAsync(page)), "__RequestVerificationToken");
        foreach (var (name, value) in fields)
            content.Add(new StringContent(value), name);
        if (file is not null)
            content.Add(file, "file", fileName);
        return await SendAsync(HttpMethod.Post, page, content);
    }

    /// <summary>Pins an address.</summary>
    public Task<Answer> PinAddressAsync(string url, string board, string newBoard = "") =>
        UploadAsync("/new", null, "", new() { ["url"] = url, ["board"] = board, ["newBoard"] = newBoard });

    /// <summary>Makes a board and gives its path and its id.</summary>
    public async Task<(string Path, string Id)> MakeBoardAsync(string name, bool isSecret = false)
    {
        Dictionary<string, string> fields = new() { ["name"] = name };
        if (isSecret)
            fields["secret"] = "true";
        var made = await PostAsync("/boards/new", fields);
        made.ShouldBe(HttpStatusCode.Redirect);
        var id = BoardId().Match((await GetAsync(made.Location!)).Text);
        id.Success.ShouldBeTrue("The owner's page of a board links to its form.");
        return (made.Location!, id.Groups[1].Value);
    }

    /// <summary>Uploads a picture and gives the id of its pin.</summary>
    public async Task<string> PinAsync(string board, byte[] picture, string title)
    {
        var made = await UploadAsync("/new", new ByteArrayContent(picture), "a.png", new()
        {
            ["title"] = title,
            ["board"] = board
        });
        made.ShouldBe(HttpStatusCode.Redirect);
        return made.Location!["/pin/".Length..];
    }

    /// <summary>Reloads a page until it has a text.</summary>
    public async Task<string> WaitForAsync(string path, Func<string, bool> isThere)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            var page = (await GetAsync(path)).Text;
            if (isThere(page))
                return page;
            limit.IsCancellationRequested.ShouldBeFalse($"{path} never came to have what is waited for:\n{page}");
            await Task.Delay(50);
        }
    }

    public async Task<string> TokenAsync(string page)
    {
        var match = Token().Match((await GetAsync(page)).Text);
        match.Success.ShouldBeTrue($"{page} has no form.");
        return WebUtility.HtmlDecode(match.Groups[1].Value);
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]* value=\"([^\"]+)\"")]
    private static partial Regex Token();

    [GeneratedRegex("/boards/([0-9]+)/edit")]
    private static partial Regex BoardId();
}
