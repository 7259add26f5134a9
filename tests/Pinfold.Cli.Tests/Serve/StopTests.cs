using System.Net;
using System.Net.Sockets;
using System.Text;
using Pinfold.Cli.Tests.Running;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>How the service ends when it is told to.</summary>
public sealed class StopTests
{
    const int SigInt = 2, SigTerm = 15;

    [Theory]
    [InlineData(SigTerm)]
    [InlineData(SigInt)]
    public async Task ARequestUnderWayEndsAndTheServiceAfterIt(int signal)
    {
        await using var place = Place.Embedded();
        await using var served = await Served.StartAsync(place);
        using var upload = new Wire(served.Address);
        const string Form = "to=dark&return=%2Fsettings";
        await upload.WriteAsync("POST /sign-in HTTP/1.1\r\nHost: pins\r\nConnection: close\r\n"
            + $"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {Form.Length}\r\n"
            + "Expect: 100-continue\r\n\r\n");
        // It waits for the body now, so the request is under way.
        (await upload.ReadLineAsync()).ShouldBe("HTTP/1.1 100 Continue");
        await upload.WriteAsync(Form[..10]);

        served.Send(signal);
        await UntilRefusedAsync(served.Address);
        await upload.WriteAsync(Form[10..]);

        (await upload.EndAsync()).Text.ShouldContain("HTTP/1.1 400 Bad Request", customMessage: "it has no token");
        var (code, log) = await served.EndedAsync();
        code.ShouldBe(0, log);
        log.ShouldNotContain("fail:");
    }

    [Fact]
    public async Task ASecondSignalEndsItAtOnce()
    {
        await using var place = Place.Embedded();
        await using var served = await Served.StartAsync(place);
        using var hanging = new Wire(served.Address);
        await hanging.WriteAsync("POST /sign-in HTTP/1.1\r\nHost: pins\r\nContent-Length: 100\r\n"
            + "Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\n\r\n");
        (await hanging.ReadLineAsync()).ShouldBe("HTTP/1.1 100 Continue");
        served.Send(SigTerm);
        await UntilRefusedAsync(served.Address);
        served.Send(SigTerm);
        (await served.EndedAsync()).Code.ShouldBe(130);
    }

    [Fact]
    public async Task AServiceManagerIsToldWhenItIsReadyAndWhenItStops()
    {
        using var folder = new TempFolder("notify");
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(folder["socket"]));
        await using var place = Place.Embedded();
        await using var served = await Served.StartAsync(
            place, new Dictionary<string, string> { ["NOTIFY_SOCKET"] = folder["socket"] });
        (await ReceiveAsync(manager)).ShouldBe("READY=1");
        using var anybody = new Browser(served.Address);
        (await anybody.GetAsync("/health/ready")).ShouldBe(HttpStatusCode.OK);
        (await served.StopAsync()).Code.ShouldBe(0);
        (await ReceiveAsync(manager)).ShouldBe("STOPPING=1");
    }

    static async Task<string> ReceiveAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var bytes = new byte[100];
        return Encoding.UTF8.GetString(bytes, 0, await socket.ReceiveAsync(bytes, limit.Token));
    }

    /// <summary>Waits until nobody is let in any more.</summary>
    static async Task UntilRefusedAsync(Uri address)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
            try
            {
                using var caller = new TcpClient();
                await caller.ConnectAsync(address.Host, address.Port, limit.Token);
                await Task.Delay(20, limit.Token);
            }
            catch (SocketException)
            {
                return;
            }
    }
}
