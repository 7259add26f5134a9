using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>The header that says for whom a request is.</summary>
public sealed class HostTests(ServedPlace served) : IClassFixture<ServedPlace>
{
    static readonly string[] Paths = ["/", "/settings", "/nobody-is-called-so", "/sign-in", "/favicon.ico"];

    public static TheoryData<string> Wrong =>
    [
        "Host: \r\n", "Host: a b\r\n", "Host: user@pins.example\r\n", "Host: user:pass@pins.example\r\n",
        "Host: pins.example/path\r\n", "Host: pins.example?x\r\n", "Host: pins.example#x\r\n",
        "Host: pins.example:0\r\n", "Host: pins.example:99999\r\n", "Host: pins.example:80:80\r\n",
        "Host: pins.example:x\r\n", "Host: pins.example:-1\r\n", "Host: [::1\r\n", "Host: ::1\r\n", "Host: []\r\n",
        "Host: [fe80::1%25eth0]\r\n", "Host: [pins]\r\n", "Host: a..b\r\n", "Host: .\r\n", "Host: :5080\r\n",
        "Host: a,b\r\n", "Host: \"a\"\r\n", "Host: <a>\r\n", "Host: %61.example\r\n", "Host: a\\b\r\n",
        "Host: a\u00ff.example\r\n", "Host: http://pins.example\r\n", "Host: $(x)\r\n", "Host: a'b\r\n",
        "Host: one.example\r\nHost: two.example\r\n", "Host: one.example\r\nHost: one.example\r\n", "",
        $"Host: {new string('a', 300)}\r\n", $"Host: {string.Join('.', Enumerable.Repeat("abc", 200))}\r\n",
    ];

    public static TheoryData<string> Right =>
    [
        "pins.example", "PINS.example:5080", "pins.example.", "pins", "my_pins", "127.0.0.1:1",
        "[::1]", "[2001:db8::7]:8080", "xn--bcher-kva.example", "localhost:65535",
    ];

    [Theory, MemberData(nameof(Wrong))]
    public async Task AHostThatIsNoneIsABadRequest(string header)
    {
        foreach (var path in Paths)
            foreach (var version in (string[])["1.1", "1.0"])
            {
                var answer = await Wire.AskAsync(
                    served.Address, $"GET {path} HTTP/{version}\r\n{header}Connection: close\r\n\r\n");
                answer.Status.ShouldBe(400, $"{path} by HTTP/{version}: {answer.Text}");
            }
    }

    [Theory, MemberData(nameof(Right))]
    public async Task AHostThatIsOneIsAnswered(string host)
    {
        var answer = await Wire.AskAsync(
            served.Address, $"GET /settings HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        answer.Status.ShouldBe(302, answer.Text);
        answer.Text.ShouldContain("Location: /sign-in?returnUrl=%2Fsettings\r\n");
    }

    [Fact]
    public async Task WhyItIsRefusedIsSaidOnAPage()
    {
        var answer = await Wire.AskAsync(served.Address, "GET /settings HTTP/1.0\r\n\r\n");
        answer.Text.ShouldContain("does not say for which host it is");
        answer.Text.ShouldContain("Content-Security-Policy: ");
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/health/ready")]
    [InlineData("/health/live")]
    public async Task AProbeByHttp10NeedsNoHost(string path) =>
        (await Wire.AskAsync(served.Address, $"GET {path} HTTP/1.0\r\n\r\n")).Status.ShouldBe(200);

    [Theory]
    [InlineData("GET http://user:pass-w0rd@127.0.0.1/new HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")]
    [InlineData("GET http://other.example/settings HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")]
    [InlineData("CONNECT pins.example:443 HTTP/1.1\r\nHost: pins.example:443\r\nConnection: close\r\n\r\n")]
    [InlineData("GET //elsewhere.example/.. HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /%00 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /%ED%A0%80 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /\u00fc HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /%zz%/%c3%28?%zz=%&&&=== HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /new?%zz=\u00fc HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")]
    public async Task ARequestLineThatIsOddIsNoFaultOfTheService(string request)
    {
        var answer = await Wire.AskAsync(served.Address, request);
        answer.Status.ShouldBeInRange(200, 499, answer.Text);
        answer.Text.ShouldNotContain("pass-w0rd");
        answer.Text.ShouldNotContain("Location: http");
        answer.Text.ShouldNotContain("Location: //");
    }
}
