using System.Net;
using Pinfold.Cli.Tests.Running;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

public sealed class RateLimitTests(ServedPlace served) : IClassFixture<ServedPlace>
{
    [Fact]
    public async Task WhoTriesPasswordsWithoutEndIsHeldUpWithAPage()
    {
        const int TriesMax = 200;
        using var anybody = new Browser(served.Address);
        for (var i = 0; i < TriesMax; i++)
        {
            var answer = await anybody.PostAsync("/sign-in", new() { ["name"] = "nobody", ["password"] =
                $"wrong {i}" });
            if (answer.Status != HttpStatusCode.TooManyRequests)
                continue;
            answer.ShouldBe(HttpStatusCode.TooManyRequests, "<html");
            (await anybody.GetAsync("/sign-in")).ShouldBe(HttpStatusCode.OK);
            return;
        }
        throw new InvalidOperationException($"{TriesMax} tries were let through.");
    }
}
