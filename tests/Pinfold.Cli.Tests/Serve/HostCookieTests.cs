using System.Net;
using System.Text.RegularExpressions;
using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>Cookies behind a balancer that speaks TLS, sent and read as they are on the wire.</summary>
public sealed partial class HostCookieTests
{
    readonly Dictionary<string, string> _jar = [];

    [Fact]
    public async Task OverTlsEveryCookieIsOfThisHostAloneAndAPlainOneCountsForNothing()
    {
        await using var place = Place.Embedded();
        await place.AddUsersAsync("ann");
        await using var served = await Served.StartAsync(
            place.Words("serve", "--urls", "http://127.0.0.1:0", "--no-fetch", "--trusted-proxies", "127.0.0.1"),
            null, null);
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = served.Address,
        };

        var form = await SendAsync(http, "/sign-in", null);
        await SendAsync(http, "/sign-in", new()
        {
            ["name"] = "ann",
            ["password"] = Place.Password,
            ["remember"] = "true",
            ["__RequestVerificationToken"] = await TokenAsync(form),
        });
        var page = await SendAsync(http, "/settings", null);
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        var token = await TokenAsync(page);
        await SendAsync(http, "/theme", new() { ["to"] = "dark", ["__RequestVerificationToken"] = token });
        await SendAsync(http, "/settings", new() { ["displayName"] = "Ann", ["__RequestVerificationToken"] = token });

        _jar.Keys.ShouldBe(
            ["__Host-form", "__Host-session", "__Host-device", "__Host-theme", "__Host-notice"], ignoreOrder: true);
        foreach (var (name, value) in _jar)
        {
            var attributes = value.Split("; ")[1..].Select(a => a.ToLowerInvariant()).ToList();
            attributes.ShouldContain("secure", name);
            attributes.ShouldContain("path=/", name);
            attributes.ShouldContain(a => a.StartsWith("samesite="), name);
            attributes.ShouldNotContain(a => a.StartsWith("domain"), name);
            attributes.Contains("httponly").ShouldBe(name != "__Host-theme", $"a script changes the theme; {name}");
        }
        var header = CookieHeader();
        header.ShouldContain("__Host-session=");

        (await StatusAsync(http, header, "https")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(http, header.Replace("__Host-", ""), "https")).ShouldBe(
            HttpStatusCode.Redirect, "anybody on the way could have set it");
        (await StatusAsync(http, header, "http")).ShouldBe(HttpStatusCode.Redirect);
    }

    string CookieHeader() => string.Join("; ", _jar.Select(c => $"{c.Key}={c.Value.Split(';')[0]}"));

    static async Task<HttpStatusCode> StatusAsync(HttpClient http, string cookies, string scheme)
    {
        using var request = Request(HttpMethod.Get, "/settings", scheme, cookies);
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    async Task<HttpResponseMessage> SendAsync(HttpClient http, string path, Dictionary<string, string>? fields)
    {
        using var request =
            Request(fields is null ? HttpMethod.Get : HttpMethod.Post, path, "https", CookieHeader());
        if (fields is not null)
            request.Content = new FormUrlEncodedContent(fields);
        var answer = await http.SendAsync(request);
        if (answer.Headers.TryGetValues("Set-Cookie", out var cookies))
            foreach (var cookie in cookies)
                _jar[cookie.Split('=')[0]] = cookie[(cookie.IndexOf('=') + 1)..];
        return answer;
    }

    static HttpRequestMessage Request(HttpMethod method, string path, string scheme, string cookies)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("X-Forwarded-Proto", scheme);
        request.Headers.Add("X-Forwarded-For", "192.0.2.1");
        if (cookies.Length > 0)
            request.Headers.Add("Cookie", cookies);
        return request;
    }

    static async Task<string> TokenAsync(HttpResponseMessage page) => WebUtility.HtmlDecode(
        Token().Match(await page.Content.ReadAsStringAsync()).Groups[1].Value);

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]* value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
