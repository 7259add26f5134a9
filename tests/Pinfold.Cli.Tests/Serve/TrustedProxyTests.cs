using System.Net;
using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>Who asks, behind a balancer: this test plays balancer and stranger, both from 127.0.0.1.</summary>
public sealed class TrustedProxyTests
{
    const int TriesMax = 60;

    [Fact]
    public async Task WhatAStrangerWritesIntoForwardedHeadersChangesNothing()
    {
        await using var place = Place.Embedded();
        // The framework's own switch, which would trust everybody, is not heeded either.
        await using var served = await Served.StartAsync(
            place, new Dictionary<string, string> { ["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true" });
        using var http = new HttpClient { BaseAddress = served.Address };

        (await TriesUntilHeldUpAsync(http, i => $"192.0.2.{i}")).ShouldBeLessThan(TriesMax);
        using var page = await SendAsync(http, HttpMethod.Get, "192.0.2.1", "https");
        page.Headers.Contains("Strict-Transport-Security").ShouldBeFalse();
        Cookies(page).ShouldNotContain("secure", Case.Insensitive);
    }

    [Fact]
    public async Task BehindATrustedProxyEachClientHasItsOwnLimit()
    {
        await using var place = Place.Embedded();
        await using var served = await StartAsync(place, "10.1.0.0/16, 127.0.0.1");
        using var http = new HttpClient { BaseAddress = served.Address };

        (await TriesUntilHeldUpAsync(http, i => $"192.0.2.{i}")).ShouldBe(TriesMax, "as many clients");
        (await TriesUntilHeldUpAsync(http, _ => "198.51.100.1")).ShouldBeLessThan(TriesMax, "one client");
        // The balancer appends whom it saw; what the client itself wrote before stays to the left, and is not believed.
        (await TriesUntilHeldUpAsync(http, i => $"192.0.2.{i}, 198.51.100.2")).ShouldBeLessThan(TriesMax);
        (await TriesUntilHeldUpAsync(http, _ => "198.51.100.3, 10.1.2.3")).ShouldBeLessThan(TriesMax, "two of ours");
    }

    [Fact]
    public async Task BehindATrustedProxyThatSpeaksTlsCookiesAreForTlsOnly()
    {
        await using var place = Place.Embedded();
        await using var served = await StartAsync(place, "127.0.0.0/8");
        using var http = new HttpClient { BaseAddress = served.Address };

        using var page = await SendAsync(http, HttpMethod.Get, "192.0.2.1", "https");

        page.Headers.GetValues("Strict-Transport-Security").ShouldHaveSingleItem().ShouldStartWith("max-age=");
        Cookies(page).ShouldContain("form=");
        Cookies(page).ShouldContain("secure", Case.Insensitive);
    }

    [Theory]
    [InlineData("balancer.example")]
    [InlineData("10.0.0.0/33")]
    [InlineData("::/129")]
    public async Task WhatIsNoAddressOfAProxyIsRefused(string proxies)
    {
        await using var place = Place.Embedded();
        (await place.RunAsync("serve", "--urls", "http://127.0.0.1:0", "--trusted-proxies", $"10.0.0.1,{proxies}"))
            .ShouldRefuse(2, $"\"{proxies}\"", "10.0.0.0/24");
    }

    static Task<Served> StartAsync(Place place, string trusted) => Served.StartAsync(
        place.Words("serve", "--urls", "http://127.0.0.1:0", "--no-fetch", "--trusted-proxies", trusted), null, null);

    static async Task<int> TriesUntilHeldUpAsync(HttpClient http, Func<int, string> client)
    {
        for (var i = 0; i < TriesMax; i++)
            if (await TryAsync(http, client(i)) == HttpStatusCode.TooManyRequests)
                return i;
        return TriesMax;
    }

    /// <summary>A sign-in without a token: refused, and counted.</summary>
    static async Task<HttpStatusCode> TryAsync(HttpClient http, string client)
    {
        using var answer = await SendAsync(http, HttpMethod.Post, client, "http");
        return answer.StatusCode;
    }

    static async Task<HttpResponseMessage> SendAsync(HttpClient http, HttpMethod method, string client, string scheme)
    {
        using var request = new HttpRequestMessage(method, "/sign-in");
        if (method == HttpMethod.Post)
            request.Content = new FormUrlEncodedContent([new("name", "nobody")]);
        request.Headers.Host = "pins.example";
        request.Headers.Add("X-Forwarded-For", client);
        request.Headers.Add("X-Forwarded-Proto", scheme);
        return await http.SendAsync(request);
    }

    static string Cookies(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? string.Join('\n', cookies) : "";
}
