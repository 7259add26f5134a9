using System.Net;
using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

public sealed class HeaderTests(ServedPlace served) : IClassFixture<ServedPlace>
{
    static readonly string[] Security =
    [
        "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy",
        "Cross-Origin-Resource-Policy", "Permissions-Policy",
    ];

    [Theory]
    [InlineData("/", HttpStatusCode.OK)]
    [InlineData("/sign-up", HttpStatusCode.OK)]
    [InlineData("/health/live", HttpStatusCode.OK)]
    [InlineData("/settings", HttpStatusCode.Redirect)]
    [InlineData("/pin/no-id", HttpStatusCode.NotFound)]
    [InlineData("/nobody-is-called-so", HttpStatusCode.NotFound)]
    [InlineData("/a/b/c/d/e", HttpStatusCode.NotFound)]
    [InlineData("/images/1/236/x.webp", HttpStatusCode.NotFound)]
    public async Task EveryAnswerCarriesTheSecurityHeaders(string path, HttpStatusCode status)
    {
        using var anybody = new Browser(served.Address);
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head])
        {
            var answer = (await anybody.SendAsync(method, path)).ShouldBe(status);
            foreach (var header in Security)
                answer.Headers.ShouldContainKey(header, $"{method} {path}");
            answer.Headers.ShouldNotContainKey("Server");
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/sign-in")]
    [InlineData("/nobody-is-called-so")]
    public async Task AskedForItsHeadAPageAnswersWithTheSameStatusAndNoBody(string path)
    {
        using var anybody = new Browser(served.Address);
        var page = await anybody.GetAsync(path);
        var head = await anybody.SendAsync(HttpMethod.Head, path);
        head.ShouldBe(page.Status);
        head.Body.ShouldBeEmpty();
        head.Headers["Content-Type"].ShouldBe(page.Headers["Content-Type"]);
    }

    [Fact]
    public async Task ARedirectToTheSignInLeadsToThisSiteWhateverHostWasSent()
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(served.Address, "/settings"));
        request.Headers.Host = "elsewhere.example";
        using var answer = await http.SendAsync(request);
        answer.Headers.Location!.ToString().ShouldBe("/sign-in?returnUrl=%2Fsettings");
        answer.Headers.CacheControl!.ToString().ShouldContain("private");
    }

    [Fact]
    public async Task ProgramsGetErrorsAsProblemJson()
    {
        using var anybody = new Browser(served.Address);
        var answer = await anybody.SendAsync(HttpMethod.Get, "/pin/no-id", accept: "application/json");
        answer.ShouldBe(HttpStatusCode.NotFound).Headers["Content-Type"].ShouldStartWith("application/problem+json");
        answer.Text.ShouldContain("\"status\":404");
    }

    [Fact]
    public async Task AMethodThatAnAddressDoesNotHaveIsRefused()
    {
        using var anybody = new Browser(served.Address);
        (await anybody.SendAsync(HttpMethod.Delete, "/sign-up"))
            .Status.ShouldBeOneOf(HttpStatusCode.MethodNotAllowed, HttpStatusCode.NotFound);
    }
}
