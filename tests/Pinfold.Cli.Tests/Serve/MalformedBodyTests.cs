using System.Net;
using System.Text;
using Pinfold.Cli.Tests.Running;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>Bodies that are no forms, each as written on the wire: the sender's mistake, never the service's.</summary>
public sealed class MalformedBodyTests(SignedInPlace served, ITestOutputHelper output) : IClassFixture<SignedInPlace>
{
    const string Multipart = "multipart/form-data; boundary=cut";
    const string Urlencoded = "application/x-www-form-urlencoded";
    const string Part = "--cut\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nA title\r\n";
    const string End = "--cut--\r\n";

    /// <summary>What the header says it is, and what comes.</summary>
    public static TheoryData<string, string> Bodies => new()
    {
        { "multipart/form-data", Part + End },
        { "multipart/form-data; boundary=", Part + End },
        { "multipart/form-data; boundary=\"\"", Part + End },
        { $"multipart/form-data; boundary={new string('b', 500)}", Part + End },
        { "multipart/form-data; boundary=other", Part + End },
        { Multipart, "" },
        { Multipart, Part },
        { Multipart, Part[..30] },
        { Multipart, "--cut\r\n" },
        { Multipart, "--cut" },
        { Multipart, "no part at all" },
        { Multipart, new string('x', 10_000) },
        { Multipart, "--cut\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n" + new string('x', 5_000_000) + End },
        { Multipart, $"--cut\r\nX-Long: {new string('h', 100_000)}\r\n\r\nx\r\n{End}" },
        { Multipart, $"--cut\r\n{string.Concat(Enumerable.Range(0, 100).Select(i => $"X-{i}: y\r\n"))}\r\nx\r\n{End}" },
        { Multipart, "--cut\r\nContent-Disposition: nonsense\r\n\r\nx\r\n" + End },
        { Multipart, "--cut\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n" + End },
        { Multipart, "--cut\r\nno colon here\r\n\r\nx\r\n" + End },
        { Multipart, "--cut\r\n: no name\r\n\r\nx\r\n" + End },
        { Multipart, "--cut\r\n\r\nx\r\n" + End },
        { Multipart, string.Concat(Enumerable.Repeat(Part, 2000)) + End },
        { Multipart, "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n\u0089PNG" },
        { Multipart, "--cut\r\nContent-Disposition: form-data; filename=\"\u0000.png\"\r\n\r\nx\r\n" + End },
        { Multipart, $"--cut\r\nContent-Disposition: form-data; name=\"{new string('n', 5000)}\"\r\n\r\nx\r\n{End}" },
        { Urlencoded, "title=%zz%%%u1234&=&&=x&%=%" },
        { Urlencoded, "title=%ff%fe%00%c3(" },
        { Urlencoded, string.Concat(Enumerable.Range(0, 5000).Select(i => $"k{i}=v&")) },
        { Urlencoded, new string('k', 50_000) + "=v" },
        { Urlencoded, "title=" + new string('v', 6_000_000) },
        { Urlencoded + "; charset=no-such", "title=x" },
        { Urlencoded + "; charset=utf-7", "title=+AGE-" },
        { Multipart, Part.Replace("\r\n\r\n", "\r\nContent-Type: text/plain; charset=utf-7\r\n\r\n") + End },
        { "application/json", "{\"title\":\"x\"}" },
        { "text/plain", "title=x" },
        { "multipart/mixed; boundary=cut", Part + End },
        { ";;;", "title=x" },
        { "", "title=x" },
    };

    static readonly string[] Forms = ["/new", "/import", "/boards/new", "/sign-in", "/settings", "/theme", "/sign-out"];

    [Theory, MemberData(nameof(Bodies))]
    public async Task ABodyThatIsNoFormIsTheSendersMistake(string type, string body)
    {
        foreach (var path in Forms)
        {
            var answer = await Wire.AskAsync(served.Address, Request(path, type, served.Cookies, body, body.Length));
            ShouldBeRefused(answer, $"{path} with {type}");
        }
    }

    [Fact]
    public async Task ATokenedFormThatBreaksOffAnywhereIsTheSendersMistake()
    {
        var whole = "--cut\r\nContent-Disposition: form-data; name=\"__RequestVerificationToken\"\r\n\r\n"
            + $"{served.Token}\r\n"
            + "--cut\r\nContent-Disposition: form-data; name=\"board\"\r\n\r\nnew\r\n"
            + "--cut\r\nContent-Disposition: form-data; name=\"newBoard\"\r\n\r\nB\r\n"
            + "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n"
            + $"Content-Type: image/png\r\n\r\n{Encoding.Latin1.GetString(TestPng.Solid(9, 9, 1, 2, 3))}\r\n{End}";
        var random = Seed.Take(output.WriteLine).NewRandom();
        for (var round = 0; round < 12; round++)
        {
            var cut = random.Next(whole.Length - End.Length);
            ShouldBeRefused(await Wire.AskAsync(
                served.Address, Request("/new", Multipart, served.Cookies, whole[..cut], cut)), $"cut at {cut}");
        }
        (await Wire.AskAsync(served.Address, Request("/new", Multipart, served.Cookies, whole, whole.Length)))
            .Status.ShouldBe(302, "the whole of it is a form");
    }

    [Theory]
    [InlineData("zz\r\n\r\n")]
    [InlineData("5\r\nabcdefgh\r\n0\r\n\r\n")]
    [InlineData("ffffffffffffffffff\r\na\r\n")]
    public async Task AChunkedBodyThatIsDamagedIsTheSendersMistake(string chunks)
    {
        var answer = await Wire.AskAsync(served.Address, "POST /sign-in HTTP/1.1\r\nHost: pins\r\nConnection: close\r\n"
            + $"Content-Type: {Urlencoded}\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}");
        ShouldBeRefused(answer, chunks);
    }

    [Fact]
    public async Task WhatIsTooLargeIsCalledSoAndWhatIsDamagedIsNot()
    {
        var damaged = await Wire.AskAsync(
            served.Address, Request("/new", Multipart, served.Cookies, Part, Part.Length));
        damaged.Status.ShouldBe(400, damaged.Text);
        damaged.Text.ShouldContain("broke off");
        var many = string.Concat(Enumerable.Repeat(Part, 2000)) + End;
        var crowded = await Wire.AskAsync(
            served.Address, Request("/new", Multipart, served.Cookies, many, many.Length));
        crowded.Status.ShouldBe(413, crowded.Text);
        crowded.Text.ShouldContain("too many parts");
    }

    [Fact]
    public async Task WhoGoesAwayInTheMiddleIsNoErrorInTheLog()
    {
        await using var place = Place.Embedded();
        await using var own = await Served.StartAsync(place);
        foreach (var path in Forms)
        {
            using var wire = new Wire(own.Address);
            await wire.WriteAsync(Request(path, Multipart, "", Part, 1_000_000));
            wire.Break();
        }
        // These are answered after the broken ones were noticed, or close before: the log is read when all has ended.
        using var anybody = new Browser(own.Address);
        (await anybody.GetAsync("/")).ShouldBe(HttpStatusCode.OK);
        var (code, log) = await own.StopAsync();
        code.ShouldBe(0, log);
        log.ShouldNotContain("fail:");
        log.ShouldNotContain("warn:");
    }

    [Fact]
    public async Task WhoSaysMoreThanComesIsWaitedForAndThenAnswered()
    {
        var answer = await Wire.AskAsync(
            served.Address, Request("/new", Multipart, served.Cookies, Part, Part.Length + 1000));
        answer.Status.ShouldBe(408, answer.Text);
        answer.Text.ShouldContain("Connection: close");
    }

    static void ShouldBeRefused(WireAnswer answer, string what)
    {
        // Some of these are forms after all, to one reader or another: then they are answered as any form is.
        answer.Status.ShouldBeOneOf([200, 302, 400, 408, 411, 413, 415, 422, 429], $"{what}: {answer.Text}");
        answer.Text.ShouldNotContain("disk");
    }

    static string Request(string path, string type, string cookies, string body, int length) =>
        $"POST {path} HTTP/1.1\r\nHost: pins\r\nConnection: close\r\nContent-Length: {length}\r\n"
        + (type.Length == 0 ? "" : $"Content-Type: {type}\r\n") + $"Cookie: {cookies}\r\n\r\n{body}";
}
