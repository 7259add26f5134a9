using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>Pages are sent compressed, and never so that their length tells a stranger of what is on them.</summary>
public sealed partial class CompressionTests(ServedPlace served) : IClassFixture<ServedPlace>
{
    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task AVisitorsPageIsCompressedAndWhole(string coding)
    {
        using var http = new HttpClient { BaseAddress = served.Address };
        var plain = await http.GetStringAsync("/");
        using var answer = await AskAsync(http, "/", coding, from: null);
        answer.Content.Headers.ContentEncoding.ShouldBe([coding]);
        answer.Headers.Vary.ShouldContain("Accept-Encoding");
        var body = await answer.Content.ReadAsByteArrayAsync();
        body.Length.ShouldBeLessThan(plain.Length / 2);
        Token().Replace(Unpacked(body, coding), "").ShouldBe(Token().Replace(plain, ""));
    }

    [Theory]
    [InlineData("same-origin", true)]
    [InlineData("none", true)]
    [InlineData("cross-site", false)]
    [InlineData("same-site", false)]
    [InlineData(null, false)]
    public async Task WhatAnotherSiteHasASignedInBrowserAskForIsNot(string? from, bool isCompressed)
    {
        using var sigrid = await Browser.SignedUpAsync(served.Address, $"sigrid-{from ?? "old"}");
        using var http = new HttpClient { BaseAddress = served.Address };
        http.DefaultRequestHeaders.Add("Cookie", sigrid.Cookies());
        using var answer = await AskAsync(http, "/settings", "br", from);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentEncoding.Count.ShouldBe(isCompressed ? 1 : 0);
    }

    [Fact]
    public async Task ATokenIsNeverWrittenTwice()
    {
        using var solveig = await Browser.SignedUpAsync(served.Address, "solveig");
        var pages = new[] { await solveig.GetAsync("/settings"), await solveig.GetAsync("/settings") };
        var tokens = pages.SelectMany(page => Token().Matches(page.Text)).Select(token => token.Value).ToList();
        tokens.Count.ShouldBeGreaterThan(2);
        var parts = pages.Select(page => Token().Match(page.Text).Groups[1].Value).ToList();
        parts[0].ShouldNotBe(parts[1]);
        // What all tokens begin with says of which key they are, and is no secret.
        const int keyLength = 30;
        for (var at = keyLength; at + 12 < parts[0].Length; at++)
            parts[1].ShouldNotContain(parts[0].Substring(at, 12));
    }

    static async Task<HttpResponseMessage> AskAsync(HttpClient http, string path, string coding, string? from)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept-Encoding", coding);
        if (from is not null)
            request.Headers.Add("Sec-Fetch-Site", from);
        return await http.SendAsync(request);
    }

    static string Unpacked(byte[] body, string coding)
    {
        using var packed = new MemoryStream(body);
        using Stream unpacked = coding == "br" ? new BrotliStream(packed, CompressionMode.Decompress)
            : new GZipStream(packed, CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]* value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
