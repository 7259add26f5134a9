using System.Net;
using System.Net.Sockets;
using Pinfold.Pinboard.Fetching;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

public sealed class RedirectTests
{
    [Theory]
    [InlineData("http://127.0.0.1/secret")]
    [InlineData("http://[::ffff:10.0.0.1]/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    public async Task ARedirectIntoThePrivateNetworkIsRefusedByName(string target)
    {
        using var site = new TcpListener(IPAddress.Loopback, 0);
        site.Start();
        var here = (IPEndPoint)site.LocalEndpoint;
        var answered = AnswerOnceAsync(site, target);
        var options = new FetchOptions { AllowedEndpoints = new HashSet<IPEndPoint> { here } };
        using var http = new GuardedHttp(options, TimeProvider.System);
        var refused = await Should.ThrowAsync<PinfoldException>(
            () => http.GetAsync(new Uri($"http://127.0.0.1:{here.Port}/"), "*/*", 1000, CancellationToken.None));
        await answered;
        refused.Kind.ShouldBe(ErrorKind.Forbidden, $"{refused}");
        refused.Message.ShouldContain(new Uri(target).IdnHost);
    }

    static async Task AnswerOnceAsync(TcpListener site, string target)
    {
        using var client = await site.AcceptTcpClientAsync();
        await using var stream = client.GetStream();
        _ = await stream.ReadAsync(new byte[4096]);
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(
            $"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
    }
}
