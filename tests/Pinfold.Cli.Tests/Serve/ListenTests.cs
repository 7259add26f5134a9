using System.Net;
using System.Net.Sockets;
using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>Where the service listens.</summary>
public sealed class ListenTests
{
    const int SigKill = 9;

    [Fact]
    public async Task LocalhostWithoutAPortIsOneFreePortOnBothLoopbackAddresses()
    {
        await using var place = Place.Embedded();
        await using var served = await StartAsync(place, "http://localhost:0");
        served.Address.Host.ShouldBe("localhost");
        served.Address.Port.ShouldNotBe(0);
        foreach (var host in (string[])["127.0.0.1", .. Socket.OSSupportsIPv6 ? (string[])["[::1]"] : []])
        {
            using var anybody = new Browser(new Uri($"http://{host}:{served.Address.Port}"));
            (await anybody.GetAsync("/health/ready")).ShouldBe(HttpStatusCode.OK);
        }
        (await served.StopAsync()).Code.ShouldBe(0);
    }

    [Fact]
    public async Task SeveralAddressesAreAllAnsweredAndPrinted()
    {
        await using var place = Place.Embedded();
        var path = place["http"];
        await using var served = await StartAsync(place, $"http://127.0.0.1:0;http://unix:{path};http://127.0.0.2:0");
        served.Line.ShouldContain($" and http://unix:{path} and http://127.0.0.2:");
        (await AskUnixAsync(path)).ShouldBe("Healthy");
        (await served.StopAsync()).Code.ShouldBe(0);
        File.Exists(path).ShouldBeFalse("a socket goes with its service");
    }

    [Fact]
    public async Task ASocketThatADeadServiceLeftIsTakenOver()
    {
        await using var place = Place.Embedded();
        var (path, urls) = (place["http"], $"http://127.0.0.1:0;http://unix:{place["http"]}");
        await using (var dead = await StartAsync(place, urls))
            dead.Send(SigKill);
        File.Exists(path).ShouldBeTrue();
        await using var served = await StartAsync(place, urls);
        (await AskUnixAsync(path)).ShouldBe("Healthy");
    }

    [Fact]
    public async Task ASocketAtWhichSomebodyListensIsRefusedAndLeftAlone()
    {
        await using var place = Place.Embedded();
        var urls = $"http://127.0.0.1:0;http://unix:{place["http"]}";
        await using var first = await StartAsync(place, urls);
        (await place.RunAsync("serve", "--urls", urls)).ShouldRefuse(5, place["http"], "another program listens");
        (await AskUnixAsync(place["http"])).ShouldBe("Healthy");
    }

    [Fact]
    public async Task AProxyAtASocketIsTrustedWhereAnyIsAndNotElse()
    {
        await using var place = Place.Embedded();
        foreach (var (proxies, isTrusted) in ((string, bool)[])[("127.0.0.1", true), ("", false)])
        {
            await using var served = await Served.StartAsync(place.Words(
                "serve", "--no-fetch", "--trusted-proxies", proxies,
                "--urls", $"http://127.0.0.1:0;http://unix:{place["http"]}"), null, null);
            using var http = NewUnixClient(place["http"]);
            http.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.1");
            http.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
            using var answer = await http.GetAsync("http://pins/sign-in");
            answer.Headers.Contains("Strict-Transport-Security").ShouldBe(isTrusted, proxies);
            (await served.StopAsync()).Code.ShouldBe(0);
        }
    }

    [Fact]
    public async Task AFileThatIsNoSocketIsRefusedAndLeftAlone()
    {
        await using var place = Place.Embedded();
        await File.WriteAllTextAsync(place["http"], "");
        (await place.RunAsync("serve", "--urls", $"http://unix:{place["http"]}")).ShouldRefuse(5, "it is no socket");
        File.Exists(place["http"]).ShouldBeTrue();
        (await place.RunAsync("serve", "--urls", $"http://unix:{place["no/such/folder"]}"))
            .ShouldRefuse(5, "no/such/folder");
        (await place.RunAsync("serve", "--urls", $"http://unix:/{new string('x', 200)}"))
            .ShouldRefuse(2, "at most 103");
    }

    [Fact]
    public async Task TheFirstLinesSayWhatIsThereAndWarnOfNothing()
    {
        await using var place = Place.Embedded();
        await using (var first = await Served.StartAsync(place))
        {
            first.Line.ShouldMatch(@"^Pinfold \d+\.\d+\.\d+ answers at http://127\.0\.0\.1:\d+ \(data in /");
            first.Line.ShouldContain(place.Data);
            (await first.NextLineAsync()).ShouldBe($"Nobody is here yet: sign up at {first.Address}sign-up.");
            using var anybody = new Browser(first.Address);
            (await anybody.GetAsync("/sign-up")).ShouldBe(HttpStatusCode.OK);
            var (code, log) = await first.StopAsync();
            code.ShouldBe(0);
            log.ShouldNotContain("warn:");
            log.ShouldNotContain("fail:");
        }
        await using var again = await Served.StartAsync(place);
        again.Send(15);
        (await again.NextLineAsync()).ShouldBeNull("somebody may be there");
    }

    static Task<Served> StartAsync(Place place, string urls) =>
        Served.StartAsync(place.Words("serve", "--urls", urls, "--no-fetch"), null, null);

    static async Task<string> AskUnixAsync(string path)
    {
        using var http = NewUnixClient(path);
        return await http.GetStringAsync("http://pins/health/ready");
    }

    static HttpClient NewUnixClient(string path) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });
}
