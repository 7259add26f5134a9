using System.Net;
using System.Text.RegularExpressions;
using Pinfold.Cli.Tests.Running;
using Pinfold.Testing.Servers;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Deploy;

/// <summary>Behind the proxies that people use, over TLS, with the configurations that are handed out.</summary>
public sealed partial class ProxyTests
{
    /// <summary>Not every distribution has Caddy.</summary>
    public static TheoryData<string> Programs => ReverseProxyServer.HasCaddy ? ["nginx", "caddy"] : ["nginx"];

    [Theory, MemberData(nameof(Programs))]
    public async Task CookiesLinksAndHeadersAreThoseOfASiteWithTls(string program)
    {
        await using var site = await ProxiedSite.StartAsync(program);
        using var http = site.NewClient();
        using var page = await http.GetAsync("/sign-up");
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        page.Headers.GetValues("Strict-Transport-Security").ShouldHaveSingleItem().ShouldStartWith("max-age=31536000");
        ShouldBeForTls(page);

        using var signedUp = await PostAsync(http, "/sign-up", new()
        {
            ["username"] = "ann",
            ["email"] = "ann@mail.example",
            ["password"] = Place.Password,
        });
        signedUp.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        signedUp.Headers.Location!.ToString().ShouldBe("/");
        ShouldBeForTls(signedUp);
        using var made = await PostAsync(http, "/boards/new", new() { ["name"] = "Birds" });
        (await http.GetStringAsync(made.Headers.Location))
            .ShouldContain($"<link rel=\"canonical\" href=\"https://{ProxiedSite.Host}/ann/birds\">");
        using var stranger = site.NewClient();
        using var asked = await stranger.GetAsync("/settings");
        asked.Headers.Location!.ToString().ShouldBe("/sign-in?returnUrl=%2Fsettings");
        (await stranger.GetStringAsync("/health/ready")).ShouldBe("Healthy");
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task APictureOfFiftyMegabytesGoesThrough(string program)
    {
        await using var site = await ProxiedSite.StartAsync(program);
        using var http = site.NewClient();
        using (await PostAsync(http, "/sign-up", new()
        {
            ["username"] = "ann",
            ["email"] = "ann@mail.example",
            ["password"] = Place.Password,
        }))
        {
        }
        var picture = TestPng.Noise(4170, 4170);
        picture.Length.ShouldBeInRange(49 << 20, 50 << 20);
        using var form = new MultipartFormDataContent
        {
            { new StringContent(await TokenAsync(http, "/new")), "__RequestVerificationToken" },
            { new StringContent("new"), "board" },
            { new StringContent("Large"), "newBoard" },
            { new ByteArrayContent(picture), "file", "large.png" },
        };
        using var made = await http.PostAsync("/new", form);
        made.StatusCode.ShouldBe(HttpStatusCode.Redirect, await made.Content.ReadAsStringAsync());
        made.Headers.Location!.ToString().ShouldStartWith("/pin/");
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task EachClientHasItsOwnLimitWhateverItWritesIntoItsHeaders(string program)
    {
        await using var site = await ProxiedSite.StartAsync(program);
        using var one = site.NewClient(from: "127.0.0.2");
        using var other = site.NewClient(from: "127.0.0.3");
        (await TriesUntilHeldUpAsync(one)).ShouldBeLessThan(100);
        (await TryAsync(other, "127.0.0.2")).ShouldNotBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task WithoutTlsOneIsSentToWhereThereIs()
    {
        await using var site = await ProxiedSite.StartAsync("nginx");
        using var http = site.NewClient(isPlain: true);
        using var answer = await http.GetAsync("/ann/birds?section=5");
        answer.StatusCode.ShouldBe(HttpStatusCode.MovedPermanently);
        answer.Headers.Location!.ToString().ShouldBe($"https://{ProxiedSite.Host}/ann/birds?section=5");
    }

    static void ShouldBeForTls(HttpResponseMessage answer)
    {
        var cookies = answer.Headers.GetValues("Set-Cookie").ToList();
        cookies.ShouldNotBeEmpty();
        foreach (var cookie in cookies)
        {
            var parts = cookie.Split(';', StringSplitOptions.TrimEntries);
            parts.ShouldContain("secure", $"{cookie}");
            parts.ShouldContain("path=/");
            parts.ShouldNotContain(part => part.StartsWith("domain", StringComparison.OrdinalIgnoreCase));
        }
    }

    static async Task<int> TriesUntilHeldUpAsync(HttpClient http)
    {
        for (var i = 1; i < 100; i++)
            if (await TryAsync(http, $"192.0.2.{i}") == HttpStatusCode.TooManyRequests)
                return i;
        return 100;
    }

    /// <summary>A sign-in without a token: refused, and counted.</summary>
    static async Task<HttpStatusCode> TryAsync(HttpClient http, string claimed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in");
        request.Content = new FormUrlEncodedContent([new("name", "nobody")]);
        request.Headers.Add("X-Forwarded-For", claimed);
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    static async Task<HttpResponseMessage> PostAsync(HttpClient http, string page, Dictionary<string, string> fields)
    {
        using var form = new FormUrlEncodedContent(
            fields.Append(new("__RequestVerificationToken", await TokenAsync(http, page))));
        return await http.PostAsync(page, form);
    }

    static async Task<string> TokenAsync(HttpClient http, string page) =>
        WebUtility.HtmlDecode(Token().Match(await http.GetStringAsync(page)).Groups[1].Value);

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]* value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
