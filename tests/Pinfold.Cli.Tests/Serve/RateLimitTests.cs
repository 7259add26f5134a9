using System.Net;
using System.Net.Sockets;
using Pinfold.Cli.Tests.Running;
using Shouldly;
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
            var answer = await anybody.PostAsync("/sign-in", new()
            {
                ["name"] = "nobody",
                ["password"] =
                $"wrong {i}"
            });
            if (answer.Status != HttpStatusCode.TooManyRequests)
                continue;
            answer.ShouldBe(HttpStatusCode.TooManyRequests, "<html");
            (await anybody.GetAsync("/sign-in")).ShouldBe(HttpStatusCode.OK);
            return;
        }
        throw new InvalidOperationException($"{TriesMax} tries were let through.");
    }

    [Fact]
    public async Task WhoIsHeldUpIsNotAskedToSendTheFormFirst()
    {
        await using var place = Place.Embedded();
        await using var own = await Served.StartAsync(place);
        using var anybody = new Browser(own.Address);
        while (await SendSignInAsync() != HttpStatusCode.TooManyRequests)
        {
        }
        using var connection = new TcpClient(own.Address.Host, own.Address.Port);
        await using var stream = connection.GetStream();
        await stream.WriteAsync("POST /sign-in HTTP/1.1\r\nHost: pins\r\nContent-Length: 9000000\r\n"u8.ToArray());
        await stream.WriteAsync(
            "Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(stream);
        (await reader.ReadLineAsync()).ShouldBe("HTTP/1.1 429 Too Many Requests");

        async Task<HttpStatusCode> SendSignInAsync()
        {
            using var form = new FormUrlEncodedContent([new("name", "nobody")]);
            return (await anybody.SendAsync(HttpMethod.Post, "/sign-in", form)).Status;
        }
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64")]
    public void WhoHasAWholeNetworkToChooseFromIsCountedOnce(string address, string counted) =>
        Pinboard.Web.Serving.RateLimits.Origin(IPAddress.Parse(address)).ShouldBe(counted);
}
